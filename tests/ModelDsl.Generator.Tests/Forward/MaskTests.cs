using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>A softmax over what a mask lets count.</summary>
public class MaskTests
{
    private const string Attention = "{ var scores = x.Dense(3).MatMul(x.Dense(3).Transpose()); return scores.Softmax(Tensor.CausalMask(x.Length)).MatMul(x); }";

    [Fact]
    public void A_later_position_does_not_reach_an_earlier_one()
    {
        var model = Read.Body("5, 3", Attention);
        var data = new ModelData(model, 1);
        var before = model.Output(data);
        for (var changed = 4; changed > 0; changed--)
        {
            data.Columns[0] = [.. data.Columns[0].Select((value, index) => index / 3 == changed ? value + 1 : value)];
            var after = model.Output(data);
            Assert.Equal(before[..(changed * 3)], after[..(changed * 3)]);
            Assert.NotEqual(before[(changed * 3)..], after[(changed * 3)..]);
        }
    }

    [Fact]
    public void Its_gradients_are_those_of_finite_differences() => GradientCheck.Run(Read.Body("4, 3", Attention));

    [Theory]
    [InlineData("Tensor.Constant([1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1], 3, 4)")]
    [InlineData("Tensor.Constant([1, 0, 0, 1], 4)")]
    [InlineData("Tensor.Constant([0, 1, 1], 3, 1)")]
    [InlineData("Tensor.Constant(0.0, 4)")]
    [InlineData("Tensor.CausalMask(3).MatMul(Tensor.Constant([0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1], 3, 4))")]
    [InlineData("x.Dense(1).Relu()")]
    public void Gradients_under_any_mask_are_those_of_finite_differences(string mask)
    {
        var model = Read.Body("3, 4", $"=> (x * Scale).Softmax({mask}) * Scale; [Weight(4)] private static partial Tensor Scale {{ get; }}");
        Assert.DoesNotContain(model.Output(new ModelData(model, 2)), double.IsNaN);
        GradientCheck.Run(model);
    }

    [Fact]
    public void A_row_in_which_nothing_counts_is_0_and_so_are_its_gradients()
    {
        var model = Read.Body("2, 3", "=> (x * Scale).Softmax(Tensor.Constant([0, 0, 0, 1, 0, 1], 2, 3)); [Weight(2, 3)] private static partial Tensor Scale { get; }");
        var data = new ModelData(model, 1);
        var output = model.Output(data);
        Assert.Equal([0, 0, 0], output[..3]);
        Assert.Equal(0, output[4]);
        Assert.Equal(1, output[3] + output[5], 12);
        var gradient = data.Interpreter().Run(ModelCompiler.Differentiate(model), RootKind.Gradient, "scale");
        Assert.Equal([0, 0, 0], gradient[..3]);
        Assert.NotEqual(0, gradient[3]);
        Assert.Equal(0, gradient[4]);
    }

    [Fact]
    public void A_causal_mask_takes_no_memory()
    {
        var plan = ModelCompiler.Plan(Read.Spec($"[Model, Input(64, 3), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) {Attention} }}"));
        Assert.All(new[] { plan.Infer }.Concat(plan.Training), graph => Assert.DoesNotContain(
            graph.Fused.Groups.SelectMany(group => group.Stored), node => !node.Shape.HasBatch && node.Shape.Length == 64 * 64));
        Assert.DoesNotContain(plan.Parameters.Slots, slot => slot.Parameter is ConstantNode);
    }

    [Fact]
    public void Whether_a_mask_of_indices_counts_is_one_comparison()
    {
        var mask = Expressions.Select(Expressions.Less(Expressions.Index(0), Expressions.Index(1)), Expressions.Zero, Expressions.One);
        var (a, b) = (Expressions.Input(0), Expressions.Input(1));
        Assert.Equal("Select(Less(i0, i1), x0, x1)", Expressions.Select(Expressions.Equal(mask, Expressions.Zero), a, b).ToString());
        Assert.Equal("Select(Less(i0, i1), x1, x0)", Expressions.Select(Expressions.Equal(mask, Expressions.One), a, b).ToString());
    }

    [Fact]
    public Task A_mask_of_another_shape_is_one_error() => Expect.Message(
        "[Model, Input(4, 3), MeanSquaredError] partial class Net { private static Tensor Forward(Tensor x) => x.{|MDSL0052:Softmax(Tensor.CausalMask(4))|}; }",
        "'input' gives [N, 4, 3], and the mask 'causalMask1' gives [4, 4]",
        "scores [N, T, T] take a mask [T, T]");

    [Fact]
    public Task Token_ids_are_no_mask() => Expect.Diagnostics(
        "[Model, MeanSquaredError] partial class Net { private static Tensor Forward([Input(4)] Tensor x, [TokenInput(4, 3)] Tensor tokens) => x.{|MDSL0011:Softmax(tokens)|}; }");
}

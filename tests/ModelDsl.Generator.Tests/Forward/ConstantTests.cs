using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>Numbers that are known when the network is compiled, as tensors.</summary>
public class ConstantTests
{
    [Theory]
    [InlineData("Tensor.Constant([1, 2, 3, 4.5], 4)", new[] { 1d, 2d, 3d, 4.5 })]
    [InlineData("Tensor.Constant([1, 2, 3, 4])", new[] { 1d, 2d, 3d, 4d })]
    [InlineData("Tensor.Constant(new double[] { 1, 2, 3, 4 }, 1, 4)", new[] { 1d, 2d, 3d, 4d })]
    [InlineData("Tensor.Constant(0.25, 4)", new[] { 0.25, 0.25, 0.25, 0.25 })]
    [InlineData("Tensor.Constant(i => i * i, 4)", new[] { 0d, 1d, 4d, 9d })]
    [InlineData("Tensor.Constant(i => Math.Cos(i) + Math.Sin(0), 4)", new[] { 1d, 0.5403023058681398, -0.4161468365471424, -0.9899924966004454 })]
    [InlineData("Tensor.Constant((i, j) => i == 0 ? j : 7, 1, 4)", new[] { 0d, 1d, 2d, 3d })]
    [InlineData("Table(x.Channels)", new[] { 0d, 1d, 3d, 6d })]
    public void Numbers_of_an_array_or_a_formula(string constant, double[] expected)
    {
        var model = Read.Body(
            "4",
            $"=> 0 * x + {constant}; private static Tensor Table(int count) {{ var sums = new double[count]; for (int i = 1; i < count; i++) {{ sums[i] = sums[i - 1]; sums[i] += i - 1; sums[i]++; }} return Tensor.Constant(sums, count); }}");
        Assert.Empty(model.Parameters);
        Assert.Equal(expected, model.Output(new ModelData(model, 1)));
    }

    [Fact]
    public void A_constant_is_neither_trained_nor_a_parameter_nor_in_files()
    {
        var model = ModelCompiler.Plan(Read.Spec(
            "[Model, Input(4), MeanSquaredError] partial class Net { private static Tensor Forward(Tensor x) => x.Dense(4) * Tensor.Constant([1, 2, 3, 4]); }"));
        var constant = Assert.Single(model.Parameters.Slots, slot => slot.Parameter is ConstantNode);
        Assert.True(constant.Offset >= model.Parameters.TrainableFloats);
        Assert.Equal(["dense1.weight", "dense1.bias"], model.Lowered.Parameters.Select(parameter => parameter.Name));
        var text = MembersWriter.Write(model);
        Assert.Contains("[1f, 2f, 3f, 4f])", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"constant", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_constants_are_stored_once_and_one_number_everywhere_not_at_all()
    {
        var model = ModelCompiler.Plan(Read.Spec(
            """
            [Block] partial class Part { private static Tensor Forward(Tensor x) => x * Tensor.Constant([1, 2, 3, 4]) + Tensor.Constant([2, 2, 2, 2]) + Tensor.Constant(3, 4); }
            [Model, Input(4), Repeat<Part>(3), Dense(1), MeanSquaredError] partial class Net;
            """));
        Assert.Single(model.Parameters.Slots, slot => slot.Parameter is ConstantNode);
    }

    [Fact]
    public void Gradients_go_through_what_a_constant_scales() => GradientCheck.Run(Read.Body(
        "3, 4", "=> (x.Dense(4) * Tensor.Constant((t, i) => t + i, 3, 4)).MatMul(Tensor.Constant([1, -2, 0.5, 3, 1, 1, 2, 2], 4, 2));"));

    [Theory]
    [InlineData("Tensor.Constant({|MDSL0055:[1, 2, 3]|}, 4)")]
    [InlineData("Tensor.{|MDSL0010:Constant([1, 2], 0)|}")]
    [InlineData("Tensor.{|MDSL0010:Constant(1.0)|}")]
    [InlineData("Tensor.Constant({|MDSL0055:1e300|}, 4)")]
    [InlineData("Tensor.Constant({|MDSL0055:i => Math.Log(i)|}, 4)")]
    [InlineData("Tensor.Constant({|MDSL0055:(i, j) => i + j|}, 1000, 1000)")]
    [InlineData("Tensor.Constant(i => i, {|MDSL0010:-1|})")]
    [InlineData("Tensor.Constant({|MDSL0051:Twice|}, 4)")]
    [InlineData("Tensor.Constant(i => {|MDSL0055:1 / (i - i)|}, 4)")]
    [InlineData("Tensor.CausalMask({|MDSL0010:0|})")]
    [InlineData("Tensor.Constant({|MDSL0055:new double[3]|}, 4)")]
    [InlineData("Tensor.Constant([1, {|MDSL0055:(new double[3])[3]|}])")]
    [InlineData("{|MDSL0055:(new Tensor[2])[0]|}")]
    public Task Mistakes(string constant) => Expect.Diagnostics(
        $"[Model, Input(4), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) => x + {constant}; private static double Twice(int i) => 2 * i; }}");

    [Fact]
    public Task A_constant_belongs_to_no_sample() => Expect.Message(
        "[Model, Input(4), MeanSquaredError] partial class Net { private static Tensor Forward(Tensor x) => x + Tensor.Constant([1, 2, 3, 4]).{|MDSL0011:Dense(4)|}; }",
        "needs a value of each sample, [N, …]");
}

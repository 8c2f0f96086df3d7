using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>What a Forward may say, and what becomes of it.</summary>
public class ForwardTests
{
    [Theory]
    [InlineData("=> x.Dense(3);", "dense1.weight [3, 4]|dense1.bias [3]")]
    [InlineData("{ for (int width = 16; width >= 4; width /= 2) x = x.Dense(width, useBias: false); return x; }", "dense1.weight [16, 4]|dense2.weight [8, 16]|dense3.weight [4, 8]")]
    [InlineData("{ foreach (var width in new[] { 3, 5 }) { if (width == 4) continue; x = x.Dense(width, false); } return x; }", "dense1.weight [3, 4]|dense2.weight [5, 3]")]
    [InlineData("{ int[] widths = [6, 2]; for (var i = 0; i < widths.Length; i++) x = x.Dense(widths[i], false); return x; }", "dense1.weight [6, 4]|dense2.weight [2, 6]")]
    [InlineData("{ var width = x.Channels; while (true) { width--; if (width < 3) break; } return x.Dense(width, false); }", "dense1.weight [2, 4]")]
    [InlineData("{ if (x.Channels > 4) return x.Dense(9); else if (x.Rank == 1) return x.Dense(x.Size(0) + x.Size(-1), false); return x; }", "dense1.weight [8, 4]")]
    [InlineData("{ var (a, b) = (x.Dense(2, false), x.Dense(3, false)); (a, b) = (b, a); var pair = (left: a, right: b); return Tensor.Concat(pair.left, pair.right).Dense(1, false); }", "dense1.weight [2, 4]|dense2.weight [3, 4]|dense3.weight [1, 5]")]
    [InlineData("{ const int Width = 5; double half = Width / 2.0; return x.Dense((int)Math.Ceiling(half) * 2, false, name: $\"wide{Width}\"); }", "wide5.weight [6, 4]")]
    [InlineData("=> Twice(Twice(x, 3), width: 2); static Tensor Twice(Tensor x, int width) => x.Dense(width, false).Dense(width, false);", "dense1.weight [3, 4]|dense2.weight [3, 3]|dense3.weight [2, 3]|dense4.weight [2, 2]")]
    [InlineData("=> Pyramid(x, 3); static Tensor Pyramid(Tensor x, int levels) => levels == 0 ? x : Pyramid(x.Dense(levels, false), levels - 1);", "dense1.weight [3, 4]|dense2.weight [2, 3]|dense3.weight [1, 2]")]
    [InlineData("=> x.Dense(3, false).SameShape(x) ? x : x.Dense(1, false);", "dense1.weight [3, 4]|dense2.weight [1, 4]")]
    public void Weights(string body, string expected) => Assert.Equal(expected.Split('|'), Read.Body("4", body).Weights());

    [Theory]
    [InlineData("=> x.Dense(3, frozen: true);", true)]
    [InlineData("=> x.Dense(3, frozen: false);", false)]
    public void Freezing(string body, bool frozen) => Assert.All(Read.Body("4", body).Parameters, parameter => Assert.Equal(frozen, parameter.Frozen));

    [Fact]
    public void Input_on_the_parameter()
    {
        var model = Read.Model("[Model, MeanSquaredError] partial class Net { Tensor Forward([Input(3, 2)] Tensor pixels) => pixels.Flatten().Dense(2); }");
        Assert.Equal("pixels", Assert.Single(model.Inputs).Node.Name);
        Assert.Equal(["dense1.weight [2, 6]", "dense1.bias [2]"], model.Weights());
    }

    [Fact]
    public void Tokens()
    {
        var model = Read.Model(
            """
            [Model, SoftmaxCrossEntropy] partial class Net
            {
                Tensor Forward([TokenInput(length: 5, vocabulary: 7)] Tensor tokens) => tokens.Embedding(4).PositionalEmbedding().Mean(0).Dense(3);
            }
            """);
        Assert.Equal("[N, 3]", model.Infer!.Roots[0].Value.Shape.ToString());
        GradientCheck.Run(model);
    }

    [Fact]
    public void Training_is_known()
    {
        var model = Read.Model(
            """
            [Model, Input(4), MeanSquaredError] partial class Net
            {
                Tensor Forward(Tensor x, bool training) { var y = x.Dense(2); return training ? 3 * y : y; }
            }
            """);
        var data = new ModelData(model, 2);
        var train = data.Interpreter().Run(model.Train!, RootKind.Output);
        Assert.Equal(train, model.Output(data).Select(value => 3 * value));
    }

    [Fact]
    public void A_block_applied_twice_is_one_set_of_weights()
    {
        var model = Read.Body("4", "{ var shared = new Hidden(); return x.Apply(shared).Apply(shared).Apply(new Hidden()); }", "[Block, Dense(4), Tanh] partial class Hidden;");
        Assert.Equal(["hidden1.dense1.weight [4, 4]", "hidden1.dense1.bias [4]", "hidden2.dense1.weight [4, 4]", "hidden2.dense1.bias [4]"], model.Weights());
        GradientCheck.Run(model);
    }

    [Theory]
    [InlineData("=> x + x.Dense(6);")]
    [InlineData("=> x * x - 2 * x / (x.Square() + 1) + -x;")]
    [InlineData("=> (1 - x.Tanh()).Exp() + (x.Abs() + 2).Log() + (x.Square() + 1).Sqrt() + x.Sin() * x.Cos();")]
    [InlineData("=> x / (x.Sum() + 10) - x.Mean();")]
    [InlineData("{ var y = x.Reshape(2, 3); return y + y.Mean(0) * y.Sum(1).Reshape(2, 1); }")]
    [InlineData("{ var y = x.Reshape(2, 3); return (y.Dense(1) * y).Dense(2) / 3; }")]
    [InlineData("=> Tensor.Concat(x, x.Dense(2), x.Tanh());")]
    [InlineData("{ var y = x.Reshape(3, 2); return y[0] * y[2] + y[1] - y.Slice(1, 2).Mean(0); }")]
    [InlineData("=> x[3] + x.Slice(2, 3).Sum() * x.Slice(1, length: 4, axis: -1);")]
    [InlineData("{ var y = x.Reshape(3, 2); return (y.Sum(0).Reshape(1, 2) * y).Flatten().Sum(0); }")]
    public void Gradients(string body) => GradientCheck.Run(Read.Body("6", "{ x = x.Dense(6); return After(x); } static Tensor After(Tensor x) " + body));

    [Fact]
    public void Broadcasting_matches_axes_from_the_last()
    {
        var model = Read.Body("2, 3", "{ var row = x.Mean(0); var column = x.Mean(1).Reshape(2, 1); return 100 * x + 10 * row + column; }");
        var data = new ModelData(model, 2);
        var x = data.Columns[0];
        var output = model.Output(data);
        for (var n = 0; n < 2; n++)
        {
            for (var i = 0; i < 6; i++)
            {
                var row = (x[(n * 6) + (i % 3)] + x[(n * 6) + (i % 3) + 3]) / 2;
                var column = Enumerable.Range(0, 3).Sum(k => x[(n * 6) + (i / 3 * 3) + k]) / 3;
                Assert.Equal((100 * x[(n * 6) + i]) + (10 * row) + column, output[(n * 6) + i], 9);
            }
        }
    }

    [Fact]
    public void Nothing_before_a_stopped_gradient_is_trained_through_it()
    {
        var model = Read.Body("4", "{ var y = x.Dense(3); return y.StopGradient().Dense(2); }");
        var graph = Differentiation.Differentiate(model.Train!, model.Parameters);
        var gradient = new ModelData(model, 2).Interpreter().Run(graph, RootKind.Gradient, "dense1.weight");
        Assert.All(gradient, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Equal_sources_give_equal_specs_and_comments_change_nothing()
    {
        const string Source = "[Model, Input(4), MeanSquaredError] partial class Net { Tensor Forward(Tensor x) { for (int i = 0; i < 2; i++) x = x.Dense(4 + i); return x; } }";
        Assert.Equal(Read.Spec(Source), Read.Spec("// more\n" + Source.Replace("x.Dense", "/* here */ x.Dense", StringComparison.Ordinal)));
        Assert.Equal(Read.Spec(Source).GetHashCode(), Read.Spec(Source).GetHashCode());
        Assert.NotEqual(Read.Spec(Source), Read.Spec(Source.Replace("i < 2", "i < 3", StringComparison.Ordinal)));
    }
}

using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>Weights of users, and the functions that use them as matrices.</summary>
public class WeightTests
{
    private const string Tied =
        """
        [Model, SoftmaxCrossEntropy] partial class Net
        {
            [Weight(7, 4, Init = Init.Normal)] private static partial Tensor Words { get; }
            private static Tensor Forward([TokenInput(length: 5, vocabulary: 7)] Tensor tokens) =>
                Words.Gather(tokens).Dense(4).Tanh().MatMul(Words.Transpose());
        }
        """;

    [Fact]
    public void A_tied_embedding_is_one_weight()
    {
        var model = Read.Model(Tied);
        Assert.Equal(["words [7, 4]", "dense1.weight [4, 4]", "dense1.bias [4]"], model.Weights());
        Assert.Equal("Normal", model.Parameters[0].Initializer.Distribution);
        GradientCheck.Run(model);
    }

    [Fact]
    public void In_a_block_it_is_one_for_each_instance()
    {
        var model = Read.Model(
            """
            [Block] partial class Scale(int rounds)
            {
                [Weight(4, Init = Init.Ones, Name = "gain", Frozen = true)] private partial Tensor Gain { get; }
                [Weight(4, 4, WeightDecay = 0.5)] private partial Tensor Mix { get; }
                private Tensor Forward(Tensor x)
                {
                    for (var i = 0; i < rounds; i++) x = (x * Gain).MatMul(Mix) + Gain;
                    return x;
                }
            }
            [Model, Input(4), Repeat<Scale>(2, 2), Dense(3), MeanSquaredError] partial class Net;
            """);
        Assert.Equal(["scale1.gain [4]", "scale1.mix [4, 4]", "scale2.gain [4]", "scale2.mix [4, 4]"], model.Weights().Take(4));
        Assert.Equal([true, false], model.Parameters.Take(2).Select(parameter => parameter.Frozen));
        Assert.Equal(0.5, model.Parameters[1].WeightDecay);
        GradientCheck.Run(model);
    }

    [Theory]
    [InlineData("=> x.Dense(6).MatMul(W);")]
    [InlineData("=> x.Dense(8).MatMul(W.Transpose());")]
    [InlineData("{ var y = x.Dense(6).Reshape(2, 3); return y.MatMul(y.Transpose()).Flatten(); }")]
    [InlineData("{ var y = x.Dense(12).Reshape(3, 2, 2); return y.MatMul(y.Tanh()).Transpose().Flatten(); }")]
    [InlineData("{ var y = x.Dense(6).Reshape(3, 2); return y[^1] * y[0] + y[1..].Mean(0) - y[..^1].Sum(0) + y[0..2].Mean(0); }")]
    [InlineData("=> x.Dense(3) + W[0][2..5] * W[^2].Slice(1, 3);")]
    [InlineData("=> W.Sum(0) * x.Dense(8) / x.Length;")]
    public void Gradients(string body) => GradientCheck.Run(Read.Model(
        $$"""[Model, MeanSquaredError] partial class Net { [Weight(6, 8)] private static partial Tensor W { get; } private static Tensor Forward([Input(5)] Tensor x) {{body}} }"""));

    [Theory]
    [InlineData("{ var a = tokens[1..4].Embedding(3); return a.Flatten().Dense(2); }")]
    [InlineData("=> tokens[2].Embedding(3).Flatten().Dense(2);")]
    [InlineData("=> (W.Gather(tokens[..^1]) * W.Gather(tokens[1..])).Mean(0).Dense(2);")]
    public void Slices_of_tokens(string body) => GradientCheck.Run(Read.Model(
        $$"""[Model, MeanSquaredError] partial class Net { [Weight(9, 3)] static partial Tensor W { get; } static Tensor Forward([TokenInput(5, 9)] Tensor tokens) {{body}} }"""));

    [Fact]
    public void Noise_is_normal()
    {
        var model = Read.Model(
            "[Model, Input(100), MeanSquaredError] partial class Net { static Tensor Forward(Tensor x, bool training) => training ? Tensor.Normal(like: x) : x; }");
        var random = new Random(1);
        var data = new ModelData(model, 200);
        var draws = new Dictionary<(int, long), double>();
        var interpreter = new GraphInterpreter(200)
        {
            Columns = data.Columns,
            Random = (stream, element) => draws.TryGetValue((stream, element), out var known) ? known : draws[(stream, element)] = random.NextDouble(),
        };
        var values = interpreter.Run(model.Train!, RootKind.Output);
        Assert.Equal(0, values.Average(), 0.03);
        Assert.Equal(1, values.Average(value => value * value), 0.04);
        Assert.Equal(3, values.Average(value => Math.Pow(value, 4)), 0.3);
        Assert.Equal(0.6827, values.Count(value => Math.Abs(value) < 1) / (double)values.Length, 0.01);
    }

    [Theory]
    [InlineData("=> x.MatMul({|MDSL0051:Other|}); static Tensor Other => null!;")]
    [InlineData("=> x.{|MDSL0052:MatMul(W)|};")]
    [InlineData("=> {|MDSL0011:W.Dense(3)|};", true)]
    [InlineData("=> {|MDSL0011:W.Gather(x)|};", true)]
    [InlineData("=> x.{|MDSL0011:Transpose()|};")]
    [InlineData("=> x[{|MDSL0010:^5|}];")]
    [InlineData("=> x[1..{|MDSL0010:5|}];")]
    [InlineData("=> x[{|MDSL0010:4|}..];")]
    [InlineData("=> Tensor.{|MDSL0055:Normal(x)|};")]
    public Task Mistakes(string body, bool isChain = false) => Expect.Diagnostics(
        $$"""[Model, Input(4), MeanSquaredError] partial class Net { [Weight(6, 8)] private static partial Tensor W { get; } private static Tensor Forward(Tensor x) {{(isChain ? body.Replace("{|MDSL0011:W.", "W.{|MDSL0011:", StringComparison.Ordinal) : body)}} }""");

    [Theory]
    [InlineData("{|MDSL0010:Weight|}", "")]
    [InlineData("{|MDSL0010:Weight(4, 0)|}", "")]
    [InlineData("{|MDSL0033:Weight(4, Name = \"dense1\")|}", ".Dense(4)")]
    public Task Mistakes_in_the_attribute(string attribute, string before) => Expect.Diagnostics(
        $$"""[Model, Input(4), MeanSquaredError] partial class Net { [{{attribute}}] private static partial Tensor W { get; } static Tensor Forward(Tensor x) => x{{before}} * W; }""");
}

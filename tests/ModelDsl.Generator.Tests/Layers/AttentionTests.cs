using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>Attention: which positions see which, gradients, and the errors of wrong declarations. Values are those of PyTorch in <see cref="PyTorchTests"/>.</summary>
public class AttentionTests
{
    [Theory]
    [InlineData("heads: 2")]
    [InlineData("heads: 2, causal: true")]
    [InlineData("heads: 4, keyValueHeads: 2, window: 2")]
    [InlineData("heads: 2, rope: true")]
    [InlineData("heads: 2, alibi: true, causal: true, useBias: false")]
    [InlineData("heads: 2, dropout: 0.3")]
    public void Gradients_are_those_of_finite_differences(string arguments) => GradientCheck.Run(Read.Body("4, 3", $"=> x.Dense(8).SelfAttention({arguments}).Dense(2)"), n: 2);

    [Theory]
    [InlineData("x.Dense(8).CrossAttention(x.Dense(6), 2)")]
    [InlineData("x.TransformerDecoder(x.Dense(6), 2, 5)")]
    [InlineData("x.TransformerEncoder(2, 5, normFirst: true, dropout: 0.2)")]
    [InlineData("Tensor.Attention(x.Dense(3), x.Dense(3), x.Dense(5), causal: true)")]
    [InlineData("Tensor.Attention(x.Dense(3), x.Dense(3), x.Dense(5), x.Dense(3).Tanh())")]
    [InlineData("Tensor.Attention(x.Dense(8).Reshape(3, 4, 2), x.Dense(4).Reshape(3, 2, 2), x.Dense(4).Reshape(3, 2, 2), x.Dense(12).Reshape(4, 3, 3), causal: true).Reshape(3, 8)")]
    [InlineData("x.RotaryEmbedding().Dense(3)")]
    public void Gradients_of_layers_and_functions_around_it_are_too(string body) => GradientCheck.Run(Read.Body("3, 4", $"=> ({body}).Dense(2)"), n: 2);

    [Theory]
    [InlineData("Tensor.Attention(x, x, x, x.Mean(1) * 2)", "Tensor.Attention(x, x, x, x.Mean(1).Reshape(1, 3) * 2 + Tensor.Zeros(3, 3))")]
    [InlineData("Tensor.Attention(x, x, x, x.Dense(3))", "(x.MatMul(x.Transpose()) * 0.5 + x.Dense(3)).Softmax().MatMul(x)")]
    public void A_bias_is_added_to_the_scores_of_all_queries(string body, string same)
    {
        var (model, other) = (Read.Body("3, 4", $"=> {body}"), Read.Body("3, 4", $"=> {same}"));
        var (actual, expected) = (model.Output(new ModelData(model, 1)), other.Output(new ModelData(other, 1)));
        for (var i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], 1e-12);
    }

    [Fact]
    public Task A_bias_that_does_not_fit_the_scores_is_an_error() => Expect.Message(
        "[Model, Input(5, 6), MeanSquaredError] partial class Net { private static Tensor Forward(Tensor x) => Tensor.{|MDSL0052:Attention(x, x, x, x)|}; }",
        "the bias is added to the scores, [N, 1, 5, 5]");

    [Theory]
    [InlineData("x.SelfAttention(2, causal: true)")]
    [InlineData("x.SelfAttention(2, causal: true, rope: true, window: 3)")]
    [InlineData("x.TransformerEncoder(2, 5, causal: true, alibi: true)")]
    [InlineData("Tensor.Attention(x, x, x, causal: true)")]
    [InlineData("Tensor.Attention(x, x, x, x.Mean(1) * 0 - 1e30, causal: true)")]
    [InlineData("Tensor.Attention(x, x, x, x.Mean(1) * 0 - 3e38, causal: true)")]
    public void A_later_position_does_not_reach_an_earlier_one(string body)
    {
        var model = Read.Body("5, 4", $"=> {body}");
        var data = new ModelData(model, 1);
        var before = model.Output(data);
        for (var changed = 4; changed > 0; changed--)
        {
            data.Columns[0] = [.. data.Columns[0].Select((value, index) => index / 4 == changed ? value + 1 : value)];
            var after = model.Output(data);
            Assert.Equal(before[..(changed * 4)], after[..(changed * 4)]);
            Assert.NotEqual(before[(changed * 4)..], after[(changed * 4)..]);
        }
    }

    [Fact]
    public void A_position_beyond_the_window_is_not_seen()
    {
        var model = Read.Body("6, 4", "=> x.SelfAttention(2, window: 2)");
        var data = new ModelData(model, 1);
        var before = model.Output(data);
        data.Columns[0][0]++;
        var after = model.Output(data);
        Assert.NotEqual(before[4..8], after[4..8]);
        Assert.Equal(before[8..], after[8..]);
    }

    [Theory]
    [InlineData("SelfAttention(2)")]
    [InlineData("SelfAttention(2, alibi: true, rope: true)")]
    [InlineData("TransformerEncoder(2, 6)")]
    public void What_is_behind_padding_reaches_nothing(string layer)
    {
        // The last two positions are padding, whose embedding then changes.
        var model = Read.Model($"[Model, TokenInput(5, 4, Padding = 0), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) => x.Embedding(4).{layer}; }}");
        var data = new ModelData(model, 1);
        data.Columns[0] = [1, 2, 3, 0, 0];
        var before = model.Output(data);
        var table = data.Parameters["embedding1.weight"];
        for (var i = 0; i < 4; i++) table[i] += 1;
        Assert.Equal(before[..12], model.Output(data)[..12]);
    }

    [Fact]
    public void Without_a_position_to_attend_to_the_result_is_that_of_no_value_and_gradients_are_0()
    {
        var model = Read.Model("[Model, TokenInput(3, 4, Padding = 0), SoftmaxCrossEntropy] partial class Net { private static Tensor Forward(Tensor x) => x.Embedding(4).SelfAttention(2).Mean(0).Dense(2); }");
        var data = new ModelData(model, 1);
        data.Columns[0] = [0, 0, 0];
        Assert.DoesNotContain(model.Output(data), double.IsNaN);
        var gradient = data.Interpreter().Run(ModelCompiler.Differentiate(model), RootKind.Gradient, "selfAttention1.in_proj_weight");
        Assert.All(gradient, value => Assert.Equal(0, value));
    }

    [Fact]
    public void What_the_function_is_given_is_computed_once() => Assert.Equal(
        ["dense1.weight [3, 4]", "dense1.bias [3]", "dense2.weight [3, 4]", "dense2.bias [3]", "dense3.weight [5, 4]", "dense3.bias [5]"],
        Read.Body("6, 4", "=> Tensor.Attention(x.Dense(3), x.Dense(3), x.Dense(5))").Weights());

    [Fact]
    public void Slopes_of_eight_heads_halve_and_those_of_others_lie_between()
    {
        Assert.Equal([0.5, 0.25, 0.125, 0.0625, 1.0 / 32, 1.0 / 64, 1.0 / 128, 1.0 / 256], AttentionRule.Slopes(8));
        Assert.Equal([1.0 / 16, 1.0 / 256, 0.25], AttentionRule.Slopes(3));
    }

    [Fact]
    public Task Heads_that_do_not_divide_the_width_are_told_widths_that_would_do() => Expect.Message(
        "[Model, Input(5, 8), SelfAttention({|MDSL0011:3|}), MeanSquaredError] partial class Net;",
        "needs a width that 3 heads share evenly, but 'input' gives [N, 5, 8]",
        "widths that would do are 6 or 9; did you mean 2 heads?");

    [Fact]
    public Task Groups_of_heads_are_even() => Expect.Message(
        "[Model, Input(5, 8), SelfAttention(4, KeyValueHeads = {|MDSL0010:3|}), MeanSquaredError] partial class Net;", "a divisor of the 4 heads");

    [Fact]
    public Task A_vector_has_no_positions() => Expect.Message(
        "[Model, Input(8), {|MDSL0011:SelfAttention(2)|}, MeanSquaredError] partial class Net;", "positions with a vector each, [N, T, width]");

    [Fact]
    public Task A_layer_inside_a_transformer_layer_reports_at_its_argument() => Expect.Message(
        "[Model, Input(5, 8), TransformerEncoder({|MDSL0011:3|}, 16), MeanSquaredError] partial class Net;", "widths that would do are 6 or 9");

    [Fact]
    public Task Rotary_positions_need_pairs() => Expect.Message(
        "[Model, Input(5, 6), SelfAttention(2, Rope = {|MDSL0011:true|}), MeanSquaredError] partial class Net;", "heads of an even size", "2 heads of 6 values have 3 each");

    [Fact]
    public Task Keys_and_values_belong_together() => Expect.Message(
        "[Model, Input(5, 6), MeanSquaredError] partial class Net { private static Tensor Forward(Tensor x) => Tensor.{|MDSL0052:Attention(x, x, x.Slice(0, 4, axis: 0))|}; }",
        "there is a value for each key");
}

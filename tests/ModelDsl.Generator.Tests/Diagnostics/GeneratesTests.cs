using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>A model that generates must be causal, and give a logit for each token at each position.</summary>
public class GeneratesTests
{
    private const string Head = "[Model, Generates, TokenInput(6, 5), Embedding(4), ";
    private const string Tail = ", Dense(5), SoftmaxCrossEntropy] partial class Net;";

    [Theory]
    [InlineData("{|MDSL0095:SelfAttention(2)|}", "'selfAttention1' reads later positions", "did you mean Causal = true?")]
    [InlineData("Relu, {|MDSL0095:TransformerEncoder(2, 8)|}", "'transformerEncoder1.self_attn' reads later positions", "Causal = true")]
    [InlineData("{|MDSL0095:Conv1D(4, 3, Padding = Padding.Same)|}", "'conv1D1' reads other positions than its own", "remove [Generates]")]
    [InlineData("{|MDSL0095:Lstm(4, Bidirectional = true, ReturnSequences = true)|}", "'lstm1' goes from the last position to the first", "did you mean Bidirectional = false?")]
    [InlineData("Gru(4, ReturnSequences = true), {|MDSL0095:SimpleRnn(3, Layers = 2, Bidirectional = true, ReturnSequences = true)|}", "'simpleRnn1' goes from the last", "did you mean Bidirectional = false?")]
    [InlineData("SelfAttention(2, Causal = true), {|MDSL0095:SelfAttention(2, Window = 2)|}", "'selfAttention2' reads later positions", "Causal = true")]
    public Task A_layer_that_reads_later_positions_is_one_error(string layers, string message, string advice) => Both(Head + layers + Tail, message, advice);

    [Theory]
    [InlineData("x.{|MDSL0095:Softmax(Tensor.Constant((q, k) => k < q + 2 ? 1 : 0, 6, 6))|}", "reads later positions")]
    [InlineData("x.{|MDSL0095:Softmax()|}", "reads later positions")]
    public Task A_mask_that_lets_a_later_position_through_is_one_error(string softmax, string message) => Both(
        $$"""
        [Model, Generates, SoftmaxCrossEntropy] partial class Net
        {
            static Tensor Forward([TokenInput(6, 5)] Tensor tokens)
            {
                var e = tokens.Embedding(4);
                var x = e.MatMul(e.Transpose());
                return {{softmax}}.MatMul(e).Dense(5);
            }
        }
        """,
        message,
        "[Generates]");

    [Theory]
    [InlineData("static Tensor Forward([TokenInput(6, 5)] Tensor tokens) { var e = tokens.Embedding(4); return (e - e.{|MDSL0095:Mean(0)|}).Dense(5); }", "combines all positions")]
    [InlineData("static Tensor Forward([TokenInput(6, 5)] Tensor tokens) { var e = tokens.Embedding(4); return e.{|MDSL0095:Scan(Tensor.Zeros(6, 4), (h, x) => (h + e * x, x))|}.Dense(5); }", "'scan' reads the values of all positions in each step")]
    [InlineData("static Tensor Forward([TokenInput(6, 5)] Tensor tokens) => tokens.Embedding(4).Transpose().{|MDSL0095:Scan(Tensor.Zeros(6), (h, x) => (h + x, h))|}.Transpose().Dense(5);", "'scan' goes along another axis than the positions")]
    [InlineData("static Tensor Forward([TokenInput(6, 5)] Tensor tokens) { var e = tokens.Embedding(4); var (all, end) = e.{|MDSL0095:Lstm((Tensor.Zeros(4), Tensor.Zeros(4)), 4, returnSequences: true)|}; var (h, c) = end; return (all + h.Reshape(1, 4)).Dense(5); }", "'lstm1' reads other positions than its own")]
    public Task A_function_that_mixes_positions_is_one_error(string forward, string message) =>
        Both("[Model, Generates, SoftmaxCrossEntropy] partial class Net { " + forward + " }", message, "[Generates]");

    [Theory]
    [InlineData("static Tensor Forward([TokenInput(6, 4)] Tensor tags, [TokenInput(6, 5)] Tensor tokens) => (tags.{|MDSL0095:Embedding(4)|} + tokens.Embedding(4)).Dense(5);", "'embedding1' depends on another input position by position")]
    public Task An_input_that_is_read_along_the_tokens_is_one_error(string forward, string message) =>
        Both("[Model, Generates, SoftmaxCrossEntropy] partial class Net { " + forward + " }", message, "with CrossAttention for example");

    [Theory]
    [InlineData("[Model, Generates, SoftmaxCrossEntropy] partial class {|MDSL0096:Net|} { static Tensor Forward([TokenInput(6, 5)] Tensor a, [Input(4)] Tensor b) => a.Embedding(3).Flatten().Dense(5) + b.Dense(5); }", "its last input is [N, 4]")]
    [InlineData("[Model, Generates, Input(4), Dense(3), SoftmaxCrossEntropy] partial class {|MDSL0096:Net|};", "its input is [N, 4]")]
    [InlineData("[Model, Generates, TokenInput(6, 5), Embedding(4), Dense(3), SoftmaxCrossEntropy] partial class {|MDSL0096:Net|};", "its output is [N, 6, 3] and not [N, 6, 5]")]
    [InlineData("[Model, Generates, TokenInput(6, 5), Embedding(4), Flatten, Dense(5), SoftmaxCrossEntropy] partial class {|MDSL0096:Net|};", "its output is [N, 5]")]
    public Task Another_input_or_output_is_one_error(string source, string message) => Expect.Message(source, message);

    [Fact]
    public async Task A_mistake_elsewhere_leaves_sessions_there()
    {
        const string Source = "[Model, Generates, TokenInput(6, 5), Embedding(0), Dense(5), SoftmaxCrossEntropy] partial class Net { object S => CreateSession(2).Append([1]).Length; }";
        Assert.Equal("MDSL0010", Assert.Single(await Expect.Report([Source])).Id);
    }

    [Fact]
    public async Task A_mistake_elsewhere_leaves_sessions_that_begin_with_a_source()
    {
        const string Source = """
            [Model, Generates, SoftmaxCrossEntropy] partial class Net
            {
                static Tensor Forward([TokenInput(3, 5)] Tensor source, [TokenInput(6, 5)] Tensor target) => target.Embedding(0).CrossAttention(source.Embedding(4), 2).Dense(5);
                object S => CreateSession([1, 2, 3]).Append([1]).Length;
            }
            """;
        Assert.Equal("MDSL0010", Assert.Single(await Expect.Report([Source])).Id);
    }

    [Fact]
    public async Task A_model_that_generates_nothing_has_no_session() =>
        Assert.Contains("CreateSession", Assert.Single(await Expect.Report(["[Model, TokenInput(6, 5), Embedding(4), Dense(5), SoftmaxCrossEntropy] partial class Net { object S => CreateSession(); }"])).GetMessage(), StringComparison.Ordinal);

    private static async Task Both(string source, string message, string advice)
    {
        await Expect.Message(source, message);
        await Expect.Message(source, advice);
    }
}

using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>A network with buckets fits all of them, and its results do not depend on padding.</summary>
public class BucketDiagnosticTests
{
    private const string Head = "[Model, TokenInput(12, 5, Padding = 0, Buckets = new[] { 4, 8 }), Embedding(4), ";
    private const string Tail = ", Dense(3), SoftmaxCrossEntropy] partial class Net;";

    [Theory]
    [InlineData("4, 4", "lengths in ascending order")]
    [InlineData("8, 4", "lengths in ascending order")]
    [InlineData("4, 12", "lengths from 1 to 11, because 12 is the length of all positions")]
    [InlineData("0, 4", "lengths from 1 to 11")]
    [InlineData("-3", "lengths from 1 to 11")]
    public Task Lengths_ascend_and_are_shorter_than_the_input(string lengths, string message) => Expect.Message(
        $"[Model, TokenInput(12, 5, Padding = 0, Buckets = {{|MDSL0010:new[] {{ {lengths} }}|}}), Embedding(4), GlobalAveragePool{Tail}", message);

    [Fact]
    public Task Buckets_need_a_token_of_padding() => Expect.Message(
        "[Model, TokenInput(12, 5, Buckets = {|MDSL0010:new[] { 4 }|}), Embedding(4), GlobalAveragePool" + Tail, "used with Padding, the token that fills the end of a sample");

    [Fact]
    public Task Inputs_have_the_same_buckets() => Expect.Message(
        """
        [Model, SoftmaxCrossEntropy] partial class Net
        {
            static Tensor Forward([TokenInput(12, 5, Padding = 0, Buckets = new[] { 4 })] Tensor a, [{|MDSL0010:TokenInput(12, 5, Padding = 0, Buckets = new[] { 8 })|}] Tensor b) =>
                (a.Embedding(4) + b.Embedding(4)).Mean(0).Dense(3);
        }
        """,
        "the same for all inputs that have them");

    [Theory]
    [InlineData("Flatten, {|MDSL0097:Dense(3)|}, SoftmaxCrossEntropy] partial class Net;", "its parameter 'dense1.weight' is [3, 48], and would be [3, 16] there; reduce the positions before it")]
    [InlineData("{|MDSL0097:Dense(3)|}, SoftmaxCrossEntropy] partial class Net;", "the output is [N, 12, 3], and [N, 4, 3] there; reduce the positions")]
    [InlineData("Reshape({|MDSL0097:6, 8|}), Relu, GlobalAveragePool" + Tail, "Reshape to [N, 6, 8] needs 48 values per sample, but 'embedding1' gives [N, T=4, 4]")]
    public Task A_layer_that_does_not_fit_a_bucket_is_one_error(string layers, string message) => Expect.Message(Head + layers, message);

    [Theory]
    [InlineData("{|MDSL0098:Conv1D(4, 3, Padding = Padding.Same)|}, GlobalAveragePool", "'conv1D1' reads windows that contain positions of padding")]
    [InlineData("{|MDSL0098:BatchNorm|}, GlobalAveragePool", "'batchNorm1'")]
    [InlineData("{|MDSL0098:GroupNorm(2)|}, GlobalAveragePool", "'groupNorm1'")]
    public Task A_layer_that_reads_padding_is_one_error(string layers, string message) => Expect.Message(Head + layers + Tail, message);

    [Theory]
    [InlineData("x.MatMul(x.Transpose().MatMul(x)).Mean(0)")]
    [InlineData("x[^1]")]
    [InlineData("(x * (1.0 / x.Length)).Mean(0)")]
    [InlineData("x.Slice(2, 8, axis: 0).Lstm(4)")]
    [InlineData("(x * Tensor.Constant((t, i) => t / (double)x.Length, x.Length, 4)).Mean(0)")]
    [InlineData("x.Transpose().Softmax().MatMul(x)[0]")]
    public async Task A_function_that_reads_padding_is_an_error(string function)
    {
        var source = $$"""
            [Model, SoftmaxCrossEntropy] partial class Net
            {
                static Tensor Forward([TokenInput(12, 5, Padding = 0, Buckets = new[] { 4, 8 })] Tensor tokens)
                {
                    var x = tokens.Embedding(4);
                    return {{function}}.Dense(3);
                }
            }
            """;

        var reported = await Expect.Report([source]);

        Assert.Contains(Assert.Single(reported).Id, (string[])["MDSL0097", "MDSL0098"]);
    }
}

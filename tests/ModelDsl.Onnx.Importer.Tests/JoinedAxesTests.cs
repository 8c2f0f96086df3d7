using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Axes that join samples and another axis. That their results are right is tested with those of other graphs.</summary>
public sealed class JoinedAxesTests
{
    private static readonly long[] Last = [2];

    [Theory]
    [InlineData("")]
    [InlineData("causal")]
    [InlineData("keys")]
    public void A_file_for_one_sample_is_the_model_that_a_file_for_any_number_of_them_is(string mask)
    {
        foreach (var isApart in mask.Length == 0 ? new[] { false, true } : [false])
            Assert.Equal(Source(isFixed: false, isApart), Source(isFixed: true, isApart));

        string Source(bool isFixed, bool isApart) => MultiheadGraphs.Of(mask, isFixed, isApart: isApart).Output("y").Import(options => options with { Batch = 1 }).Source;
    }

    [Fact]
    public void Attention_of_a_file_without_samples_computes_what_ONNX_Runtime_computes()
    {
        var graph = AttentionGraphs.OneSample.Output("y");
        var import = graph.Import(options => options with { Batch = -1 });
        Assert.Contains("Tensor.Attention(", import.Source, StringComparison.Ordinal);
        float[] values = [.. Enumerable.Range(0, 40).Select(i => MathF.Sin(i + 1))];
        using var runtime = new OnnxRuntime(graph.Bytes());
        using var model = new ImportedProgram(import.Source).Create("Net", import.Weights);
        Close.Assert(runtime.Run(new Dictionary<string, float[]> { ["x"] = values }, new Dictionary<string, long[]> { ["x"] = [5, 8] })[0], ImportedProgram.Predict(model, [values], 1)[0]);
    }

    [Fact]
    public void A_softmax_along_the_axis_is_an_error() => Fails("along other axes only", Joined().Node("Softmax", "y", ["j"], ("axis", 1)));

    [Fact]
    public void A_sum_is_an_error() => Fails("along other axes only", Joined().Node("ReduceMean", "y", ["j"], ("axes", Last)));

    [Fact]
    public void A_product_that_sums_over_the_axis_is_an_error() => Fails("along other axes only", Joined().Weight("w", 3, 5).Node("MatMul", "y", ["w", "j"]));

    [Fact]
    public void Different_numbers_along_the_axis_are_an_error() => Fails("has different numbers along an axis that joins samples", Joined().Weight("w", 4, 1).Node("Add", "y", ["j", "w"]));

    [Fact]
    public void A_sum_with_a_value_that_joins_nothing_is_an_error() => Fails("another input does not", Joined().Integers("row", 5, 1, 4).Node("ReduceMean", "m", ["x"], ("axes", Last)).Node("Add", "y", ["j", "m"]));

    [Fact]
    public void An_output_that_joins_samples_is_an_error() => Fails("the output 'y' joins samples and another axis", Joined().Node("Relu", "y", ["j"]));

    /// <summary>[5, N, 8] as [5, 2 · N, 4].</summary>
    private static OnnxGraph Joined() => new OnnxGraph().Input("x", DataType.Float, 5, 0, 8).Integers("sizes", 5, -1, 4).Node("Reshape", "j", ["x", "sizes"]);

    private static void Fails(string message, OnnxGraph graph)
    {
        var exception = Assert.Throws<ImportException>(() => graph.Output("y").Import(options => options with { Batch = 1 }));
        Assert.Equal(ImportException.Unsupported, exception.Code);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }
}

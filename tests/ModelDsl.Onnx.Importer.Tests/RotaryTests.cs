using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>What the operator RotaryEmbedding becomes. <see cref="ResultTests"/> compares its results.</summary>
public sealed class RotaryTests
{
    [Theory]
    [InlineData(10_000, ".RotaryEmbedding()")]
    [InlineData(500_000, ".RotaryEmbedding(500000)")]
    [InlineData(1.5, ".RotaryEmbedding(1.5)")]
    public void Tables_of_the_layer_become_the_layer(double @base, string call)
    {
        var import = RotaryGraphs.Of(@base).Output("y").Import();
        Assert.Contains(call, import.Source, StringComparison.Ordinal);
        Assert.Empty(import.Weights);
    }

    [Fact]
    public void Other_tables_are_frozen()
    {
        var import = RotaryGraphs.Of(start: 3).Output("y").Import();
        Assert.DoesNotContain("RotaryEmbedding", import.Source, StringComparison.Ordinal);
        Assert.Equal(2, import.Weights.Count);
        Assert.Equal(2, import.Source.Split("Frozen = true").Length - 1);
    }

    [Fact]
    public void Tables_for_the_positions_of_an_input_are_frozen()
    {
        var import = RotaryGraphs.OfPositions.Output("y").Import();
        Assert.Equal(2, import.Source.Split("Frozen = true").Length - 1);
    }

    [Fact]
    public void Positions_that_the_model_computes_are_an_error_with_the_name_of_the_node() => Fails(
        ImportException.Unsupported,
        "node 'y_node' (RotaryEmbedding): its indices are computed by the model",
        Input().Weight("cosines", 6, 4).Weight("sines", 6, 4).Integers("axis", 2).Node("ReduceSum", "s", ["x", "axis"], ("keepdims", 0)).Node("Cast", "p", ["s"], ("to", 7)).Node("RotaryEmbedding", "y", ["x", "cosines", "sines", "p"], ("num_heads", 2)));

    [Fact]
    public void A_table_of_another_size_is_an_error_with_the_sizes() => Fails(
        ImportException.Damaged,
        "node 'y_node' (RotaryEmbedding): input 1 has the shape [1, 5, 3], but 3 axes, the last of size 4, are expected",
        Input().Weight("cosines", 1, 5, 3).Weight("sines", 1, 5, 3).Node("RotaryEmbedding", "y", ["x", "cosines", "sines"], ("num_heads", 2)));

    [Fact]
    public void Too_few_positions_are_an_error() => Fails(
        ImportException.Damaged,
        "there are 4 positions for the 5 of the input",
        Input().Weight("cosines", 1, 4, 4).Weight("sines", 1, 4, 4).Node("RotaryEmbedding", "y", ["x", "cosines", "sines"], ("num_heads", 2)));

    [Fact]
    public void An_odd_number_of_rotated_values_is_an_error() => Fails(
        ImportException.Damaged,
        "3 values of the 8 of a head are rotated, but an even number of them is expected",
        Input().Weight("cosines", 1, 5, 1).Weight("sines", 1, 5, 1).Node("RotaryEmbedding", "y", ["x", "cosines", "sines"], ("num_heads", 2), ("rotary_embedding_dim", 3)));

    private static OnnxGraph Input() => new OnnxGraph(23).Input("x", DataType.Float, 0, 5, 16);

    private static void Fails(string code, string message, OnnxGraph graph)
    {
        var exception = Assert.Throws<ImportException>(() => graph.Output("y").Import());
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal(code, exception.Code);
    }
}

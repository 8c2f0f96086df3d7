using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>The operator RotaryEmbedding on inputs [N, 2, 5, 8], or [N, 5, 16].</summary>
internal static class RotaryGraphs
{
    private const int Length = 5;
    private const int Rows = 12;

    /// <summary>Two heads of an input.</summary>
    /// <param name="base">The base of the angles.</param>
    /// <param name="rotated">The number of values that are rotated; 0 for all.</param>
    /// <param name="start">The first position.</param>
    /// <param name="attributes">The attributes.</param>
    public static OnnxGraph Of(double @base = 10_000, int rotated = 0, int start = 0, params (string Name, object Value)[] attributes) =>
        Rotated(Tables(new OnnxGraph(23).Input("x", DataType.Float, 0, 2, Length, 8), @base, rotated == 0 ? 8 : rotated), start, rotated == 0 ? attributes : [("rotary_embedding_dim", rotated), ("num_heads", 2), .. attributes]);

    /// <summary>Two heads that are joined in the last axis.</summary>
    public static OnnxGraph Joined(params (string Name, object Value)[] attributes) =>
        Rotated(Tables(new OnnxGraph(23).Input("x", DataType.Float, 0, Length, 16), 500, 8), 0, [("num_heads", 2), .. attributes]);

    /// <summary>Rows of the tables for each sample, without positions.</summary>
    public static OnnxGraph WithoutPositions
    {
        get
        {
            var graph = Tables(new OnnxGraph(23).Input("x", DataType.Float, 0, Length, 16), 10_000, 8).Integers("first", 0).Integers("end", 1).Integers("rest", Length, 4).Integers("positions", [.. Enumerable.Range(0, Length).Select(t => (long)t)])
                .Node("Shape", "n", ["x"], ("start", 0), ("end", 1)).Node("Concat", "shape", ["n", "rest"], ("axis", 0));
            foreach (var name in new[] { "cosines", "sines" }) graph.Node("Gather", name + "0", [name, "positions"]).Node("Expand", name + "1", [name + "0", "shape"]);
            return graph.Node("RotaryEmbedding", "y", ["x", "cosines1", "sines1"], ("num_heads", 2));
        }
    }

    /// <summary>The input has the positions, and an embedding of them is rotated.</summary>
    public static OnnxGraph OfPositions => Tables(new OnnxGraph(23).Input("x", DataType.Int64, 0, Length).Weight("table", Rows, 16), 10_000, 8)
        .Node("Gather", "e", ["table", "x"]).Node("RotaryEmbedding", "y", ["e", "cosines", "sines", "x"], ("num_heads", 2));

    private static OnnxGraph Tables(OnnxGraph graph, double @base, int size)
    {
        var half = size / 2;
        var angles = Enumerable.Range(0, Rows * half).Select(at => at / half * Math.Pow(@base, -(double)(at % half) / half)).ToArray();
        return graph.Floats("cosines", [Rows, half], [.. angles.Select(angle => (float)Math.Cos(angle))]).Floats("sines", [Rows, half], [.. angles.Select(angle => (float)Math.Sin(angle))]);
    }

    private static OnnxGraph Rotated(OnnxGraph graph, int start, (string Name, object Value)[] attributes) => graph.Integers("row", [.. Enumerable.Range(start, Length).Select(t => (long)t)]).Integers("length", Length)
        .Node("Shape", "n", ["x"], ("start", 0), ("end", 1)).Node("Concat", "shape", ["n", "length"], ("axis", 0)).Node("Expand", "positions", ["row", "shape"])
        .Node("RotaryEmbedding", "y", ["x", "cosines", "sines", "positions"], attributes);
}

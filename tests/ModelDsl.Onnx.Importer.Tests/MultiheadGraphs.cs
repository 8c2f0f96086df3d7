using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>MultiheadAttention of PyTorch over five positions of 8 numbers with two heads, as it is exported: samples and heads are one axis of queries, keys and values.</summary>
internal static class MultiheadGraphs
{
    private static readonly long[] Swapped = [1, 0, 2];

    /// <summary>Creates a graph.</summary>
    /// <param name="mask">No mask, a causal one, or one of keys, which is computed from the input.</param>
    /// <param name="isFixed">Whether the file was exported for one sample.</param>
    /// <param name="isFirst">Whether the samples are the first axis (batch_first) and not the second.</param>
    /// <param name="isApart">Whether the axis is divided again before the product, as PyTorch 2 does for scaled_dot_product_attention.</param>
    public static OnnxGraph Of(string mask = "", bool isFixed = false, bool isFirst = false, bool isApart = false)
    {
        var size = isFixed ? 1 : 0;
        var graph = new OnnxGraph().Input("x", DataType.Float, isFirst ? [size, 5, 8] : [5, size, 8]).Shapes(isFixed, isFirst ? 0 : 1);
        if (isFirst) graph.Node("Transpose", "sequence", ["x"], ("perm", Swapped));
        var sequence = isFirst ? "sequence" : "x";
        foreach (var name in new[] { "q", "k", "v" })
        {
            graph.Weight(name + ".weight", 8, 8).Weight(name + ".bias", 8).Node("MatMul", name + "m", [sequence, name + ".weight"]).Node("Add", name + "b", [name + ".bias", name + "m"])
                .Node("Reshape", name + "r", [name + "b", "heads"]).Node("Transpose", name + "t", [name + "r"], ("perm", name == "k" && !isApart ? new long[] { 1, 2, 0 } : Swapped));
            if (isApart) graph.Node("Reshape", name + "a", [name + "t", "each"]);
        }

        if (isApart) graph.Node("Transpose", "ka2", ["ka"], ("perm", new long[] { 0, 1, 3, 2 }));
        graph.Floats("root", [], 2).Node("Div", "scaled", [isApart ? "qa" : "qt", "root"]).Node("MatMul", "s", ["scaled", isApart ? "ka2" : "kt"]);
        var scores = graph.Masked("s", mask, sequence);
        graph.Node("Softmax", "p", [scores], ("axis", -1)).Node("MatMul", "o", ["p", isApart ? "va" : "vt"]).Node("Transpose", "t", ["o"], ("perm", isApart ? new long[] { 2, 0, 1, 3 } : Swapped));
        graph.Node("Reshape", "r", ["t", "rows"]).Weight("w", 8, 8).Weight("b", 8).Node("Gemm", "g", ["r", "w", "b"], ("transB", 1)).Node("Reshape", isFirst ? "back" : "y", ["g", "whole"]);
        return isFirst ? graph.Node("Transpose", "y", ["back"], ("perm", Swapped)) : graph;
    }

    /// <summary>Computes the shapes from the number of samples, or from 1.</summary>
    private static OnnxGraph Shapes(this OnnxGraph graph, bool isFixed, int batch)
    {
        graph.Integers("one", 1).Integers("two", 2).Integers("four", 4).Integers("five", 5).Integers("eight", 8);
        if (isFixed) graph.Integers("n", 1);
        else graph.Integers("samples", batch).Node("Shape", "sizes", ["x"]).Node("Gather", "n", ["sizes", "samples"]);
        return graph.Node("Mul", "2n", ["n", "two"]).Node("Mul", "5n", ["n", "five"]).Shape("heads", "five", "2n", "four").Shape("each", "n", "two", "five", "four").Shape("rows", "5n", "eight").Shape("whole", "five", "n", "eight");
    }

    private static OnnxGraph Shape(this OnnxGraph graph, string name, params string[] sizes) => graph.Node("Concat", name, sizes, ("axis", 0));

    private static string Masked(this OnnxGraph graph, string scores, string mask, string sequence)
    {
        switch (mask)
        {
            case "causal":
                graph.Floats("mask", [1, 5, 5], [.. Enumerable.Range(0, 25).Select(index => index % 5 <= index / 5 ? 0 : float.NegativeInfinity)]);
                break;
            case "keys":
                graph.Shape("wide", "n", "two", "one", "five").Shape("row", "n", "one", "one", "five").Shape("joined", "2n", "one", "five").Floats("limit", [], -0.15f).Floats("low", [], float.NegativeInfinity)
                    .Node("ReduceMean", "mean", [sequence], ("axes", new long[] { 2 }), ("keepdims", 0)).Node("Transpose", "positions", ["mean"]).Node("Less", "is", ["positions", "limit"])
                    .Node("Reshape", "rowed", ["is", "row"]).Node("Expand", "spread", ["rowed", "wide"]).Node("Reshape", "excluded", ["spread", "joined"])
                    .Node("Shape", "sizes of it", ["excluded"]).Node("ConstantOfShape", "zeros", ["sizes of it"]).Node("Where", "mask", ["excluded", "low", "zeros"]);
                break;
            default:
                return scores;
        }

        graph.Floats("alpha", [], 1).Node("Mul", "product", [scores, "alpha"]).Node("Add", "a", ["product", "mask"]);
        return "a";
    }
}

using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Attention over sequences [N, 5, 8] with two heads, as the exporters of PyTorch and Hugging Face write it, and as one operator.</summary>
internal static class AttentionGraphs
{
    private const int Length = 5;

    private const float Low = -3.4028235e38f;

    /// <summary>The scores of BERT: a quotient, and a mask of keys that is added.</summary>
    public static OnnxGraph Bert => KeyMask(Projected()).Node("MatMul", "s", ["q", "k"]).Floats("root", [], 2).Node("Div", "d", ["s", "root"]).Node("Add", "a", ["d", "keys"]).Weighted("a");

    /// <summary>The same without a mask.</summary>
    public static OnnxGraph Unmasked => Projected().Node("MatMul", "s", ["q", "k"]).Floats("root", [], 2).Node("Div", "d", ["s", "root"]).Weighted("d");

    /// <summary>GPT-2 since 2021: a selection, and then a mask of keys.</summary>
    public static OnnxGraph Gpt2 => KeyMask(Projected()).Triangle().Node("MatMul", "s", ["q", "k"]).Floats("root", [], 2).Node("Div", "d", ["s", "root"]).Floats("low", [], -1e4f)
        .Node("Where", "w", ["triangle", "d", "low"]).Node("Add", "a", ["w", "keys"]).Weighted("a");

    /// <summary>GPT-2 before: a product with the mask, and a difference.</summary>
    public static OnnxGraph FirstGpt2 => Projected().Triangle().Node("MatMul", "s", ["q", "k"]).Floats("factor", [], 0.5f).Node("Mul", "d", ["s", "factor"]).Node("Cast", "b", ["triangle"], ("to", 1))
        .Floats("one", [], 1).Floats("large", [], 1e4f).Node("Sub", "c", ["one", "b"]).Node("Mul", "e", ["c", "large"]).Node("Mul", "f", ["d", "b"]).Node("Sub", "a", ["f", "e"]).Weighted("a");

    /// <summary>scaled_dot_product_attention of PyTorch: both sides are scaled, and the causal mask is added.</summary>
    public static OnnxGraph ScaledSides => Projected().Triangle().Floats("factor", [1], 0.70710678f).Floats("zero", [], 0).Floats("low", [], float.NegativeInfinity).Node("Where", "mask", ["triangle", "zero", "low"])
        .Node("Mul", "qs", ["q", "factor"]).Node("Mul", "ks", ["k", "factor"]).Node("MatMul", "s", ["qs", "ks"]).Node("Add", "a", ["s", "mask"]).Weighted("a");

    /// <summary>masked_fill: a selection of the score where the mask is false.</summary>
    public static OnnxGraph Filled => Projected().Floats("zero", [], 0).Integers("last", 2).Integers("heads axis", 1, 2).Floats("low", [], Low)
        .Node("ReduceMean", "mean", ["x"], ("axes", new long[] { 2 }), ("keepdims", 0)).Node("Greater", "is", ["mean", "zero"]).Node("Unsqueeze", "mask", ["is", "heads axis"])
        .Node("MatMul", "s", ["q", "k"]).Node("Where", "a", ["mask", "low", "s"]).Weighted("a");

    /// <summary>A bias for each head and pair of positions, as T5 has it.</summary>
    public static OnnxGraph Biased => Projected().Weight("bias", 1, 2, Length, Length).Node("MatMul", "s", ["q", "k"]).Node("Add", "a", ["bias", "s"]).Weighted("a");

    /// <summary>A mask that no layer has: it depends on the score.</summary>
    public static OnnxGraph Squared => Projected().Node("MatMul", "s", ["q", "k"]).Node("Mul", "m", ["s", "s"]).Weighted("m");

    /// <summary>One head, without an axis for it.</summary>
    public static OnnxGraph OneHead
    {
        get
        {
            var graph = new OnnxGraph().Input("x", DataType.Float, 0, Length, 8).Triangle().Floats("low", [], Low).Integers("square", 1, Length, Length).Node("Reshape", "kept", ["triangle", "square"]);
            foreach (var name in new[] { "q", "k", "v" }) graph.Weight(name + ".weight", 8, 4).Node("MatMul", name, ["x", name + ".weight"]);
            return graph.Node("Transpose", "kt", ["k"], ("perm", new long[] { 0, 2, 1 })).Node("MatMul", "s", ["q", "kt"]).Node("Where", "a", ["kept", "s", "low"]).Node("Softmax", "p", ["a"], ("axis", 2)).Node("MatMul", "y", ["p", "v"]);
        }
    }

    /// <summary>Two heads of one sample, without an axis for the samples.</summary>
    public static OnnxGraph OneSample
    {
        get
        {
            var graph = new OnnxGraph(11).Input("x", DataType.Float, Length, 8).Integers("heads", Length, 2, 4).Integers("whole", Length, 8).Floats("root", [], 2);
            foreach (var (name, order) in new[] { ("q", new long[] { 1, 0, 2 }), ("k", new long[] { 1, 2, 0 }), ("v", new long[] { 1, 0, 2 }) })
                graph.Weight(name + ".weight", 8, 8).Node("MatMul", name + "m", ["x", name + ".weight"]).Node("Reshape", name + "r", [name + "m", "heads"]).Node("Transpose", name, [name + "r"], ("perm", order));
            return graph.Node("MatMul", "s", ["q", "k"]).Node("Div", "d", ["s", "root"]).Node("Softmax", "p", ["d"], ("axis", 2)).Node("MatMul", "o", ["p", "v"])
                .Node("Transpose", "t", ["o"], ("perm", new long[] { 1, 0, 2 })).Node("Reshape", "y", ["t", "whole"]);
        }
    }

    /// <summary>The operator Attention.</summary>
    /// <param name="mask">No mask, numbers, a causal condition, or a condition that the model computes.</param>
    /// <param name="keyHeads">The number of heads of the keys.</param>
    /// <param name="attributes">Further attributes.</param>
    public static OnnxGraph Operator(string mask, int keyHeads = 2, params (string Name, object Value)[] attributes)
    {
        var graph = new OnnxGraph(23).Input("x", DataType.Float, 0, Length, 8);
        foreach (var (name, width) in new[] { ("q", 8), ("k", 4 * keyHeads), ("v", 4 * keyHeads) }) graph.Weight(name + "w", 8, width).Node("MatMul", name, ["x", name + "w"]);
        string[] operands = ["q", "k", "v"];
        switch (mask)
        {
            case "numbers":
                graph.Weight("mask", 2, Length, Length);
                break;
            case "causal":
                graph.Triangle().Integers("square", Length, Length).Node("Reshape", "mask", ["triangle", "square"]);
                break;
            case "computed":
                graph.Floats("limit", [], -0.15f).Integers("axes", 1, 2).Integers("last", 2).Integers("rows", 1, 1, Length, 1).Node("ReduceMean", "mean", ["x", "last"], ("keepdims", 0)).Node("Greater", "is", ["mean", "limit"])
                    .Node("Unsqueeze", "keys", ["is", "axes"]).Node("Expand", "mask", ["keys", "rows"]);
                break;
        }

        return graph.Node("Attention", "y", mask.Length > 0 ? [.. operands, "mask"] : operands, [("q_num_heads", 2), ("kv_num_heads", keyHeads), .. attributes]);
    }

    private static OnnxGraph Projected()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, 0, Length, 8).Integers("heads", 0, Length, 2, 4);
        foreach (var (name, order) in new[] { ("q", new long[] { 0, 2, 1, 3 }), ("k", new long[] { 0, 2, 3, 1 }), ("v", new long[] { 0, 2, 1, 3 }) })
        {
            graph.Weight(name + ".weight", 8, 8).Weight(name + ".bias", 8).Node("MatMul", name + "m", ["x", name + ".weight"]).Node("Add", name + "b", [name + "m", name + ".bias"])
                .Node("Reshape", name + "r", [name + "b", "heads"]).Node("Transpose", name, [name + "r"], ("perm", order));
        }

        return graph;
    }

    /// <summary>Adds (1 − mask) · −10,000 for each key, with a mask that is computed from the input. The first key counts for both samples, so that a causal mask leaves a key to every query.</summary>
    private static OnnxGraph KeyMask(OnnxGraph graph) => graph.Floats("limit", [], -0.15f).Floats("all", [], 1).Floats("much", [], -10_000).Integers("before", 1, 2)
        .Node("ReduceMean", "mean", ["x"], ("axes", new long[] { 2 }), ("keepdims", 0)).Node("Greater", "counts", ["mean", "limit"]).Node("Cast", "numbers", ["counts"], ("to", 1))
        .Node("Unsqueeze", "spread", ["numbers", "before"]).Node("Sub", "left", ["all", "spread"]).Node("Mul", "keys", ["left", "much"]);

    /// <summary>Adds a condition [1, 1, T, T] that holds for positions up to that of the query.</summary>
    private static OnnxGraph Triangle(this OnnxGraph graph) => graph.Integers("ones", [.. Enumerable.Range(0, Length * Length).Select(index => index % Length <= index / Length ? 1L : 0)])
        .Integers("four", 1, 1, Length, Length).Node("Reshape", "numbers of it", ["ones", "four"]).Node("Cast", "triangle", ["numbers of it"], ("to", 9));

    private static OnnxGraph Weighted(this OnnxGraph graph, string scores) => graph.Integers("whole", 0, Length, 8).Node("Softmax", "p", [scores], ("axis", -1)).Node("MatMul", "o", ["p", "v"])
        .Node("Transpose", "t", ["o"], ("perm", new long[] { 0, 2, 1, 3 })).Node("Reshape", "y", ["t", "whole"]);
}

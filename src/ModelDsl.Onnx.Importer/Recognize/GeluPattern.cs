using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Recognize;

/// <summary>x · ½ · (1 + erf(x / √2)), with its factors in any order.</summary>
internal static class GeluPattern
{
    public static NodeProto? Find(NodeProto node, GraphIndex index)
    {
        if (node.OpType != "Mul") return null;
        return Half(node, index) ?? Inner(node, index);
    }

    /// <summary>(x · (1 + erf)) · ½</summary>
    private static NodeProto? Half(NodeProto node, GraphIndex index)
    {
        if (GraphIndex.Sides(node, value => index.IsNumber(value, 0.5)) is not var (value, _)) return null;
        return GraphIndex.Sides(index.Producer(value, "Mul"), other => Argument(other, index) is not null) is var (x, sum) && Argument(sum, index) == x ? Gelu(x) : null;
    }

    /// <summary>(x · ½) · (1 + erf)</summary>
    private static NodeProto? Inner(NodeProto node, GraphIndex index)
    {
        if (GraphIndex.Sides(node, other => Argument(other, index) is not null) is not var (value, sum)) return null;
        return GraphIndex.Sides(index.Producer(value, "Mul"), half => index.IsNumber(half, 0.5)) is var (x, _) && Argument(sum, index) == x ? Gelu(x) : null;
    }

    /// <summary>The x of 1 + erf(x / √2).</summary>
    private static string? Argument(string value, GraphIndex index)
    {
        if (GraphIndex.Sides(index.Producer(value, "Add"), one => index.IsNumber(one, 1)) is not var (erf, _)) return null;
        if (index.Producer(erf, "Erf") is not { } function) return null;
        if (index.Producer(function.Input[0], "Div") is { } quotient) return index.IsNumber(quotient.Input[1], Math.Sqrt(2)) ? quotient.Input[0] : null;
        return GraphIndex.Sides(index.Producer(function.Input[0], "Mul"), factor => index.IsNumber(factor, Math.Sqrt(0.5))) is var (x, _) ? x : null;
    }

    private static NodeProto Gelu(string x) => new() { OpType = "Gelu", Input = { x } };
}

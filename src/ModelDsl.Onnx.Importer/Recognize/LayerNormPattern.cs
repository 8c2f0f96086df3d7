using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Recognize;

/// <summary>(x − mean) / √(variance + ε) · scale + bias over the last axis.</summary>
internal static class LayerNormPattern
{
    public static NodeProto? Find(NodeProto node, GraphIndex index)
    {
        if (node.OpType != "Add" || GraphIndex.Sides(node, index.IsConstant) is not var (scaled, bias)) return null;
        if (GraphIndex.Sides(index.Producer(scaled, "Mul"), index.IsConstant) is not var (normal, scale)) return null;
        if (index.ShapeOf(bias) is not { Count: 1 } || index.ShapeOf(scale) is not { Count: 1 }) return null;
        if (index.Producer(normal, "Div") is not { } quotient || Centered(quotient.Input[0], index) is not { } x) return null;
        if (index.Producer(quotient.Input[1], "Sqrt") is not { } root) return null;
        if (GraphIndex.Sides(index.Producer(root.Input[0], "Add"), value => index.NumberOf(value) is not null) is not var (variance, epsilon)) return null;
        if (index.Producer(variance, "ReduceMean") is not { } mean || !IsOverLast(mean, index) || Squared(mean.Input[0], index) is not { } centered) return null;
        if (centered != quotient.Input[0] && Centered(centered, index) != x) return null;
        return new NodeProto
        {
            OpType = "LayerNormalization",
            Input = { x, scale, bias },
            Attribute = { new AttributeProto { Name = "epsilon", Type = AttributeProto.Types.AttributeType.Float, F = (float)index.NumberOf(epsilon)!.Value } },
        };
    }

    /// <summary>The x of x − mean.</summary>
    private static string? Centered(string value, GraphIndex index)
    {
        if (index.Producer(value, "Sub") is not { } difference) return null;
        var x = difference.Input[0];
        return index.Producer(difference.Input[1], "ReduceMean") is { } mean && mean.Input[0] == x && IsOverLast(mean, index) ? x : null;
    }

    private static string? Squared(string value, GraphIndex index)
    {
        if (index.Producer(value, "Mul") is { } product) return product.Input[0] == product.Input[1] ? product.Input[0] : null;
        return index.Producer(value, "Pow") is { } power && index.IsNumber(power.Input[1], 2) ? power.Input[0] : null;
    }

    private static bool IsOverLast(NodeProto mean, GraphIndex index)
    {
        if (mean.Attribute.FirstOrDefault(attribute => attribute.Name == "keepdims") is { I: 0 }) return false;
        if (mean.Input.Count > 1) return index.NumberOf(mean.Input[1]) == -1;
        return mean.Attribute.FirstOrDefault(attribute => attribute.Name == "axes") is { Ints: [-1] };
    }
}

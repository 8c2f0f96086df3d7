using ModelDsl.Onnx.Schema;
using static ModelDsl.Onnx.Schema.AttributeProto.Types;

namespace ModelDsl.Onnx.Importer.Recognize;

/// <summary>(x − mean) / √(variance + ε) · scale + bias, where all but x is known: normalization by running statistics.</summary>
internal static class BatchNormPattern
{
    public static NodeProto? Find(NodeProto node, GraphIndex index)
    {
        if (node.OpType != "Add" || GraphIndex.Sides(node, index.IsConstant) is not var (scaled, bias)) return null;
        if (GraphIndex.Sides(index.Producer(scaled, "Mul"), index.IsConstant) is not var (normal, scale)) return null;
        if (index.Producer(normal, "Div") is not { } quotient || !index.IsConstant(quotient.Input[1])) return null;
        if (index.Producer(quotient.Input[0], "Sub") is not { } difference || index.IsConstant(difference.Input[0]) || !index.IsConstant(difference.Input[1])) return null;
        var found = new NodeProto { OpType = Recognized.BatchNorm, Input = { difference.Input[0], scale, bias, difference.Input[1], quotient.Input[1] } };
        if (index.Producer(quotient.Input[1], "Sqrt") is not { } root) return found;
        if (GraphIndex.Sides(index.Producer(root.Input[0], "Add"), value => index.NumberOf(value) is > 0) is not var (variance, epsilon)) return found;

        // The variance, where the file has it.
        found.Input.Add(variance);
        found.Attribute.Add(new AttributeProto { Name = "epsilon", Type = AttributeType.Float, F = (float)index.NumberOf(epsilon)!.Value });
        return found;
    }
}

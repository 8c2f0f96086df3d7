using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Recognize;

/// <summary>A convolution whose result is multiplied by known numbers, or to which known numbers are added: they become a part of its weight and bias if there is one for each channel.</summary>
internal static class ConvolutionPattern
{
    public static NodeProto? Find(NodeProto node, GraphIndex index)
    {
        if (node.OpType is not ("Add" or "Mul") || GraphIndex.Sides(node, index.IsConstant) is not var (value, other)) return null;
        var (factors, summands) = node.OpType == "Add" ? ("", other) : (other, "");
        if (node.OpType == "Add" && index.IsReadOnce(value) && GraphIndex.Sides(index.Producer(value, "Mul"), index.IsConstant) is var (inner, factor)) (value, factors) = (inner, factor);
        if (!index.IsReadOnce(value) || index.Producer(value, "Conv") is not { } convolution || !index.IsConstant(convolution.Input[1])) return null;
        return new NodeProto
        {
            OpType = Recognized.Convolution,
            Name = convolution.Name,
            Input = { convolution.Input[0], convolution.Input[1], convolution.Input.Count > 2 ? convolution.Input[2] : "", factors, summands },
            Attribute = { convolution.Attribute },
        };
    }
}

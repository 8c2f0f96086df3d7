using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Recognize;

/// <summary>x · W + b is a dense layer with a bias.</summary>
internal static class DensePattern
{
    public static NodeProto? Find(NodeProto node, GraphIndex index)
    {
        if (node.OpType != "Add" || GraphIndex.Sides(node, value => index.ShapeOf(value) is { Count: 1 }) is not var (value, bias)) return null;
        if (index.Producer(value, "MatMul") is not { } product || !index.IsReadOnce(value)) return null;
        if (index.IsConstant(product.Input[0]) || !index.IsConstant(product.Input[1])) return null;
        if (index.ShapeOf(product.Input[1]) is { } shape && (shape.Count != 2 || shape[1] != index.ShapeOf(bias)![0])) return null;
        return new NodeProto { OpType = Recognized.Dense, Name = product.Name, Input = { product.Input[0], product.Input[1], bias } };
    }
}

using ModelDsl.Onnx.Importer.Operators;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Importing;

/// <summary>
/// Tensors whose samples and positions are one axis in the file: <c>[N, T, width]</c> that was reshaped to <c>[N · T, width]</c>, for a product with a matrix. What is computed for each row is computed
/// before the axes are joined instead.
/// </summary>
internal static class JoinedRows
{
    private static readonly HashSet<string> ForEachRow =
    [
        "Gemm", "MatMul", Recognize.Recognized.Dense, Recognize.Recognized.BatchNorm, "Add", "Sub", "Mul", "Div", "Pow", "Relu", "Gelu", "Sigmoid", "Tanh", "Erf", "Sqrt", "Clip", "Dropout", "Cast", "Identity", "LeakyRelu", "Elu",
        "LayerNormalization", "Softmax", "Split",
    ];

    /// <summary>Whether a node reads such a tensor, and is neither a reshape nor asks for its shape.</summary>
    public static bool Concern(string type, IReadOnlyList<Value?> inputs) => type is not ("Reshape" or "Shape") && inputs.Any(input => input is Tensor { Apart: not null });

    /// <summary>Converts a node with the tensors before their axes were joined, and joins those of its outputs.</summary>
    /// <param name="proto">The node.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="scope">What all nodes share.</param>
    /// <param name="convert">Converts a node.</param>
    public static Node Convert(NodeProto proto, IReadOnlyList<Value?> inputs, ImportScope scope, Action<Node> convert)
    {
        var own = proto.Clone();

        // The last axis has another number before the axes are joined.
        foreach (var axis in own.Attribute.Where(attribute => attribute.Name == "axis" && attribute.I == 1)) axis.I = -1;
        if (own.OpType == "Softmax" && own.Attribute.All(attribute => attribute.Name != "axis")) own.Attribute.Add(new AttributeProto { Name = "axis", I = -1, Type = AttributeProto.Types.AttributeType.Int });
        var node = new Node(own, [.. inputs.Select(input => input is Tensor { Apart: { } apart } ? apart : input)], scope);
        var isEach = ForEachRow.Contains(proto.OpType) && inputs.All(input => input is null or Tensor { Apart: not null } || (input is Constant constant && IsForEachRow(constant, proto.OpType)))
            && own.Attribute.All(attribute => attribute.Name != "axis" || attribute.I == -1) && own.Attribute.All(attribute => attribute.Name != "transA" || attribute.I == 0);
        node.Require(isEach, "its input joins samples and positions in one axis, which is supported for functions of each row only.");
        convert(node);
        for (var output = 0; output < node.Outputs.Count; output++)
        {
            if (node.Outputs[output] is not Tensor apart) continue;
            node.Require(apart.Rank == 3, "its input joins samples and positions in one axis, and its result has no rows. Export the product with a matrix of one column instead.");
            node.Set(output, Join(apart));
        }

        return node;
    }

    /// <summary>Joins the samples and positions of a tensor [N, T, width].</summary>
    public static Tensor Join(Tensor apart) => new([apart.Shape[0] * apart.Shape[1], apart.Shape[2]], 0, apart.Axes, apart.Code) { Apart = apart };

    private static bool IsForEachRow(Constant constant, string type) => constant.Rank < 2 || constant.Shape[0] == 1 || type is "Gemm" or "MatMul" or Recognize.Recognized.Dense;
}

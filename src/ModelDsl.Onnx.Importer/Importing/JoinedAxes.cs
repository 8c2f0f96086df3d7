using ModelDsl.Onnx.Importer.Operators;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Schema;
using static ModelDsl.Onnx.Schema.AttributeProto.Types;

namespace ModelDsl.Onnx.Importer.Importing;

/// <summary>
/// Tensors with an axis that joins samples and another axis: <c>[N, T, width]</c> that was reshaped to <c>[N · T, width]</c> for a product with a matrix, or <c>[T, N, width]</c> that was reshaped to
/// <c>[T, N · heads, size]</c> for attention. What does not depend on that axis is computed with the tensor before the axes were joined instead.
/// </summary>
internal static class JoinedAxes
{
    /// <summary>Functions of elements. Their inputs are matched from the last axis on.</summary>
    private static readonly HashSet<string> OfElements =
    [
        Recognize.Recognized.BatchNorm, "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum", "Where", "Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "Not", "And", "Relu", "Gelu", "Sigmoid", "Tanh", "Erf", "Exp",
        "Log", "Sqrt", "Neg", "Abs", "Clip", "Dropout", "Cast", "Identity", "LeakyRelu", "Elu",
    ];

    /// <summary>Functions along the axis that an attribute names.</summary>
    private static readonly HashSet<string> AlongAxis = ["LayerNormalization", "LogSoftmax", "Softmax", "Split"];

    /// <summary>Products of matrices, which are the last two axes.</summary>
    private static readonly HashSet<string> OfMatrices = [Recognize.Recognized.Attention, Recognize.Recognized.Dense, "Gemm", "MatMul"];

    /// <summary>Whether a node reads such a tensor, and is neither a reshape nor asks for its shape.</summary>
    public static bool Concern(string type, IReadOnlyList<Value?> inputs) => type is not ("Reshape" or "Shape" or "Size") && inputs.Any(input => input is Tensor { Apart: not null });

    /// <summary>Converts a node with the tensors before their axes were joined, and joins those of its outputs.</summary>
    /// <param name="proto">The node.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="scope">What all nodes share.</param>
    /// <param name="convert">Converts a node.</param>
    public static Node Convert(NodeProto proto, IReadOnlyList<Value?> inputs, ImportScope scope, Action<Node> convert)
    {
        var node = new Node(proto, inputs, scope);
        var axis = JoinedAxis.Of(inputs.OfType<Tensor>().First(tensor => tensor.Apart is not null));
        node.Require(
            inputs.All(input => input is null or Constant || (input is Tensor tensor && axis.IsOf(tensor))),
            "one of its inputs joins samples and another axis, and another input does not, or joins others.");
        if (proto.OpType == "Transpose") return Transposed(node, axis);
        var isOther = !HasAxis(proto.OpType) || AxisOf(node) != axis.PositionIn(node.Input(0));
        var isPossible = OfElements.Contains(proto.OpType) || (isOther && AlongAxis.Contains(proto.OpType)) || (isOther && OfMatrices.Contains(proto.OpType) && IsWithinMatrices(node, axis));
        node.Require(isPossible, "its input joins samples and another axis, which is supported for functions of elements and along other axes only.");
        var own = new Node(WithAxis(node, proto, axis), [.. inputs.Select((input, index) => Apart(node, index, input, axis))], scope);
        convert(own);
        for (var output = 0; output < own.Outputs.Count; output++)
        {
            if (own.Outputs[output] is Tensor apart) own.Set(output, axis.Join(apart));
        }

        return own;
    }

    private static Node Transposed(Node node, JoinedAxis axis)
    {
        var input = (Tensor)node.Input(0);
        int[] order = [.. (node.Ints("perm") ?? [.. Enumerable.Range(0, input.Rank).Select(other => input.Rank - 1L - other)]).Select(other => node.Axis(other, input.Rank))];
        node.Check(order.Order().SequenceEqual(Enumerable.Range(0, input.Rank)), $"its order [{string.Join(", ", order)}] does not have each axis of {Sizes.Text(input.Shape)} once.");
        var (joined, apart) = (input.BatchAxis, input.Apart!);
        int[] moved = [.. order.SelectMany<int, int>(other => other == joined ? [other, other + 1] : [other < joined ? other : other + 1])];
        node.Set(0, axis.Join((Tensor)Movements.Transposed(apart, moved)));
        return node;
    }

    private static bool HasAxis(string type) => AlongAxis.Contains(type) || type == Recognize.Recognized.Attention;

    /// <summary>The axis of a function along an axis.</summary>
    private static int AxisOf(Node node) =>
        node.Axis(node.Int("axis", node.Type switch { "Split" => 0, "Softmax" or "LogSoftmax" when node.Opset < 13 => 1, _ => -1 }), node.Input(0).Rank);

    /// <summary>Whether the matrices of a product do not have the axis, or only as the rows of the left one.</summary>
    private static bool IsWithinMatrices(Node node, JoinedAxis axis)
    {
        if (node.Type == Recognize.Recognized.Attention) return axis.FromEnd > 2 && node.Inputs.Take(3).All(input => input is Tensor);
        if (node.Int("transA", 0) != 0 || (node.Int("transB", 0) != 0 && node.Input(1) is Tensor)) return false;
        return axis.FromEnd > (node.Input(0) is Tensor && node.Input(1) is Constant ? 1 : 2);
    }

    /// <summary>Returns an input with the axis as two axes.</summary>
    private static Value? Apart(Node node, int index, Value? input, JoinedAxis axis)
    {
        if (input is Tensor tensor) return tensor.Apart;
        var isMatched = OfElements.Contains(node.Type) || (node.Type is Recognize.Recognized.Attention or "MatMul" && axis.FromEnd > 2);
        return input is Constant constant && isMatched
            ? axis.Apart(constant) ?? throw node.Unsupported($"input {index}, a constant of shape {Sizes.Text(constant.Shape)}, has different numbers along an axis that joins samples and another axis.")
            : input;
    }

    /// <summary>The node with the number that its axis has before the axes are joined.</summary>
    private static NodeProto WithAxis(Node node, NodeProto proto, JoinedAxis axis)
    {
        if (!HasAxis(proto.OpType)) return proto;
        var (own, at) = (proto.Clone(), AxisOf(node) is var given && given < axis.PositionIn(node.Input(0)) ? given : given + 1);
        var attribute = own.Attribute.FirstOrDefault(one => one.Name == "axis");
        if (attribute is null) own.Attribute.Add(attribute = new AttributeProto { Name = "axis", Type = AttributeType.Int });
        attribute.I = at;
        return own;
    }
}

using ModelDsl.Compiled;
using ModelDsl.Onnx.Graphs;
using ModelDsl.Onnx.Patterns;
using static ModelDsl.Compiled.GraphScalarOperation;

namespace ModelDsl.Onnx.Export;

/// <summary>Writes scalar expressions as operators on whole tensors.</summary>
internal static class Expressions
{
    private static readonly Dictionary<GraphScalarOperation, string> Operators = new()
    {
        [Negate] = "Neg",
        [Ceiling] = "Ceil",
        [Subtract] = "Sub",
        [Multiply] = "Mul",
        [Divide] = "Div",
        [Minimum] = "Min",
        [Maximum] = "Max",
        [Power] = "Pow",
        [Select] = "Where",
    };

    /// <summary>Writes the body of a map or of a reduction. The axes of the result are those of the domain.</summary>
    /// <param name="scope">The graph.</param>
    /// <param name="node">The node.</param>
    public static OnnxTensor Write(ExportScope scope, GraphNode node)
    {
        int[] read = [.. node.Body.Where(scalar => scalar.Operation == Input).Select(scalar => scalar.Arguments[0]).Distinct()];
        var operands = read.ToDictionary(number => number, number => scope.Read(node.Operands[number], node));
        int[] indices = [.. node.Body.Where(scalar => scalar.Operation == GraphScalarOperation.Index).Select(scalar => scalar.Arguments[0]).Distinct()];
        int[] axes = [.. operands.Values.SelectMany(operand => operand.Axes).Concat(indices).Distinct().Order()];

        // The order of the axes of an operand that has all of them: then it need not be transposed.
        var order = operands.Values.FirstOrDefault(operand => operand.Axes.Length == axes.Length)?.Axes ?? axes;
        var arranged = operands.ToDictionary(operand => operand.Key, operand => scope.Layouts.Arrange(scope.Node(node.Operands[operand.Key].Node).Name, AsFloats(operand.Value), order).Name);
        if (arranged.Count == 1 && ActivationPattern.Find(node, scope.Graph.Opset) is var (type, attributes))
            return new(scope.Graph.Add(type, node.Name, [.. arranged.Values], attributes), order);

        var parts = new string[node.Body.Length];
        for (var index = 0; index < parts.Length; index++)
        {
            var scalar = node.Body[index];
            parts[index] = scalar.Operation switch
            {
                Input => arranged[scalar.Arguments[0]],
                Constant => scope.Graph.Scalar(scalar.Value),
                GraphScalarOperation.Index => IndexAlong(scope, node, scalar.Arguments[0], order),
                Maximum when node.Body[scalar.Arguments[1]] is { Operation: Constant, Value: 0 } => scope.Graph.Add("Relu", node.Name, [parts[scalar.Arguments[0]]]),
                Exp when SoftmaxPattern.Write(scope, node, scalar) is { } softmax => scope.Layouts.Arrange(node.Name, softmax, order).Name,
                _ => scope.Graph.Add(
                    Operators.GetValueOrDefault(scalar.Operation) ?? scalar.Operation.ToString(), node.Name, [.. scalar.Arguments.Select(argument => parts[argument])]),
            };
        }

        return new(parts[^1], order);

        OnnxTensor AsFloats(OnnxTensor operand) => operand.IsInteger
            ? operand with { Name = scope.Graph.Add("Cast", node.Name, [operand.Name], OnnxAttribute.Of("to", (int)Schema.TensorProto.Types.DataType.Float)), IsInteger = false }
            : operand;
    }

    /// <summary>The numbers 0, 1, … along an axis.</summary>
    private static string IndexAlong(ExportScope scope, GraphNode node, int axis, int[] order)
    {
        if (node.Domain[axis] < 0)
            throw new NotSupportedException($"'{node.Name}' cannot be written as ONNX: it computes with the index of a sample in its batch.");
        float[] values = [.. Enumerable.Range(0, node.Domain[axis]).Select(index => (float)index)];
        var shape = order.Skip(Array.IndexOf(order, axis)).Select(other => other == axis ? values.Length : 1);
        return scope.Graph.Floats("indices", values, shape);
    }
}

using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Patterns;

/// <summary>exp(x − log Σ exp x) over the last axis, also as a part of an expression that excludes elements: the operator Softmax.</summary>
internal static class SoftmaxPattern
{
    /// <summary>Writes an instruction of the body of a map, if it is a softmax of an operand. The axes of the result are those of the node. Null if it is none.</summary>
    public static OnnxTensor? Write(ExportScope scope, GraphNode node, GraphScalar scalar)
    {
        if (scalar.Operation != GraphScalarOperation.Exp || node.Body[scalar.Arguments[0]] is not { Operation: GraphScalarOperation.Subtract } difference)
            return null;
        if (node.Body[difference.Arguments[0]] is not { Operation: GraphScalarOperation.Input } first || node.Body[difference.Arguments[1]] is not { Operation: GraphScalarOperation.Input } second)
            return null;
        var (input, sum) = (node.Operands[first.Arguments[0]], node.Operands[second.Arguments[0]]);
        if (!Maps.IsWhole(scope, node, input) || sum.Map is not null || scope.Node(sum.Node) is not { Kind: GraphNodeKind.LogSumExp, Operands: [var summed] } || summed.Node != input.Node)
            return null;
        return new(scope.Graph.Add("Softmax", node.Name, [scope.Canonical(input.Node)], OnnxAttribute.Of("axis", -1)), [.. Enumerable.Range(0, node.Domain.Length)]);
    }
}

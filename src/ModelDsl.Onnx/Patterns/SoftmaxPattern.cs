using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Patterns;

/// <summary>exp(x − log Σ exp x) over the last axis: the operator Softmax.</summary>
internal static class SoftmaxPattern
{
    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (node is not { Kind: GraphNodeKind.Map, Operands: [var input, var sum] } || !BodyPattern.Matches(node, "Exp(Subtract(x0,x1))") || !Maps.IsWhole(scope, node, input) || sum.Map is not null)
            return null;
        if (scope.Node(sum.Node) is not { Kind: GraphNodeKind.LogSumExp, Operands: [var summed] } || summed.Node != input.Node)
            return null;
        return new([input.Node], () => new(
            scope.Graph.Add("Softmax", node.Name, [scope.Canonical(input.Node)], OnnxAttribute.Of("axis", -1)), [.. Enumerable.Range(0, node.Shape.Length)]));
    }
}

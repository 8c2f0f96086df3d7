using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;

namespace ModelDsl.Onnx.Patterns;

/// <summary>The maximum of each window: the operator MaxPool. Its values have the channels before the positions.</summary>
internal static class MaxPoolPattern
{
    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (node is not { Kind: GraphNodeKind.Reduce, Reduction: GraphReduction.Max } || !BodyPattern.Matches(node, "x0") || Windows(scope, node) is not { } windows)
            return null;
        var input = node.Operands[0].Node;
        return new([input], () => Write(scope, "MaxPool", node, windows));
    }

    /// <summary>Writes an operator that reduces windows.</summary>
    public static OnnxTensor Write(ExportScope scope, string type, GraphNode node, WindowAxis[] windows)
    {
        int[] order = [0, 1 + windows.Length, .. Enumerable.Range(1, windows.Length)];
        var input = scope.Layouts.Full(node.Name, scope[node.Operands[0].Node], scope.Node(node.Operands[0].Node).Shape, order);
        return new(scope.Graph.Add(type, node.Name, [input.Name], WindowAttributes.Of(windows, hasDilations: type == "MaxPool")), order);
    }

    /// <summary>The windows that a reduction combines for each channel, whose axis is the last one; null if it combines something else.</summary>
    public static WindowAxis[]? Windows(ExportScope scope, GraphNode node)
    {
        if (node.Operands is not [{ Map: { } map } operand] || WindowAxis.Read(map, scope.Node(operand.Node).Shape, node.Domain) is not { } windows)
            return null;
        var dimensions = windows.Length;
        var channel = 1 + (2 * dimensions);
        return windows.All(window => window.IsComplete) && map.Length == 2 + dimensions && map[^1].IsAxis(channel) && node.Output.Are([0, .. Enumerable.Range(1, dimensions), channel])
            ? windows
            : null;
    }
}

using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Patterns;

/// <summary>Transposed convolutions, whose windows are in the result: the operator ConvTranspose. Its values have the channels before the positions.</summary>
internal static class TransposedConvolutionPattern
{
    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (node.Kind == GraphNodeKind.Contract)
            return Windows(scope, node) is { } plain ? new([.. node.Operands.Select(operand => operand.Node)], () => Write(scope, node, plain, bias: null)) : null;
        if (node is not { Kind: GraphNodeKind.Map, Operands: [{ } sum, { } bias] } || !BodyPattern.Matches(node, "Add(x0,x1)") || !Maps.IsOfLastAxis(scope, node, bias))
            return null;
        if (!Maps.IsWhole(scope, node, sum) || !scope.IsReadOnce(sum.Node) || scope.Node(sum.Node) is not { Kind: GraphNodeKind.Contract } contract)
            return null;
        return Windows(scope, contract) is { } windows
            ? new([.. contract.Operands.Select(operand => operand.Node), bias.Node], () => Write(scope, contract, windows, scope.Canonical(bias.Node)))
            : null;
    }

    private static WindowAxis[]? Windows(ExportScope scope, GraphNode node)
    {
        var (input, weight) = (node.Operands[0], node.Operands[1]);
        if (WindowAxis.Read(node.Output, node.Shape, node.Domain) is not { } windows || windows.Any(window => window.Before < 0) || !Maps.IsNumbers(scope.Node(weight.Node)))
            return null;
        var dimensions = windows.Length;
        var (channel, filter) = (1 + (2 * dimensions), 2 + (2 * dimensions));
        int[] positions = [.. Enumerable.Range(1, dimensions)];
        var isRead = input.Map.Are([0, .. positions, channel]) && weight.Map.Are([channel, filter, .. windows.Select(window => window.Element)])
            && node.Output.Length == 2 + dimensions && node.Output[^1].IsAxis(filter);
        return isRead ? windows : null;
    }

    private static OnnxTensor Write(ExportScope scope, GraphNode node, WindowAxis[] windows, string? bias)
    {
        var dimensions = windows.Length;
        int[] order = [0, 1 + dimensions, .. Enumerable.Range(1, dimensions)];
        var input = scope.Layouts.Full(node.Name, scope[node.Operands[0].Node], scope.Node(node.Operands[0].Node).Shape, order).Name;
        string[] operands = bias is null ? [input, scope.Canonical(node.Operands[1].Node)] : [input, scope.Canonical(node.Operands[1].Node), bias];
        var more = windows.Select(window => Math.Max(0, -window.After));
        return new(scope.Graph.Add("ConvTranspose", node.Name, operands, [.. WindowAttributes.Of(windows), OnnxAttribute.Of("output_padding", more)]), order);
    }
}

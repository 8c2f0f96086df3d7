using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Patterns;

/// <summary>Convolutions, with or without groups and bias: the operator Conv. Its values have the channels before the positions.</summary>
internal static class ConvolutionPattern
{
    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (node.Kind == GraphNodeKind.Contract)
            return Convolution.Of(scope, node) is { } plain ? new([plain.Input, plain.Weight], () => plain.Write(scope, bias: null)) : null;
        if (node is not { Kind: GraphNodeKind.Map, Operands: [{ } sum, { Map: [var channel] } bias] } || !BodyPattern.Matches(node, "Add(x0,x1)"))
            return null;
        if (!Maps.IsWhole(scope, node, sum) || !scope.IsReadOnce(sum.Node) || scope.Node(sum.Node) is not { Kind: GraphNodeKind.Contract } contract || !Maps.IsNumbers(scope.Node(bias.Node)))
            return null;
        return Convolution.Of(scope, contract) is { } found && found.IsFilter(channel)
            ? new([found.Input, found.Weight, bias.Node], () => found.Write(scope, scope.Canonical(bias.Node)))
            : null;
    }

    private sealed record Convolution(GraphNode Node, int Input, int Weight, WindowAxis[] Windows, int Group, int Channel, int[] Results)
    {
        private int Groups => Group < 0 ? 1 : Node.Domain[Group];

        /// <summary>Reads a contraction; null if it is no convolution.</summary>
        public static Convolution? Of(ExportScope scope, GraphNode node)
        {
            var (input, weight) = (node.Operands[0], node.Operands[1]);
            if (WindowAxis.Read(input.Map, scope.Node(input.Node).Shape, node.Domain) is not { } windows || !windows.All(window => window.IsComplete))
                return null;
            var dimensions = windows.Length;
            int[] rest = [.. input.Map!.Skip(1 + dimensions).Select(Maps.Axis)];
            int[] results = [.. node.Output.Select(Maps.Axis)];
            if (rest.Contains(-1) || !results.Take(1 + dimensions).SequenceEqual(Enumerable.Range(0, 1 + dimensions)) || !Maps.IsNumbers(scope.Node(weight.Node)))
                return null;
            if (weight.Map is not { } weights || weights.Length != 2 + dimensions || !weights.Skip(2).Zip(windows, (coordinate, window) => coordinate.IsAxis(window.Element)).All(isElement => isElement))
                return null;
            var channel = weights[1].Terms.Length == 0 ? -1 : weights[1].Axis();
            var group = rest.FirstOrDefault(axis => axis != channel, -1);
            var found = new Convolution(node, input.Node, weight.Node, windows, group, channel, results[(1 + dimensions)..]);
            var isRead = (channel < 0 ? rest.Length == 1 : rest[^1] == channel && rest.Length <= 2) && (group < 0 || found.Results.FirstOrDefault(-1) == group);
            return isRead && found.Results.Length is 1 or 2 && (found.Results.Length == 2) == (group >= 0 && weights[0].Terms.Length == 2) && IsIndex(weights[0], found.Results, node.Domain)
                ? found
                : null;
        }

        /// <summary>Whether a coordinate over the axes of the result is the index of the filter.</summary>
        public bool IsFilter(GraphCoordinate coordinate) =>
            IsIndex(coordinate, [.. Results.Select((_, at) => 1 + Windows.Length + at)], Node.Shape);

        /// <summary>Writes the operator.</summary>
        public OnnxTensor Write(ExportScope scope, string? bias)
        {
            var dimensions = Windows.Length;
            int[] positions = [.. Enumerable.Range(1, dimensions)];
            var shape = scope.Node(Input).Shape;
            int[] channels = [.. Enumerable.Range(1 + dimensions, shape.Length - 1 - dimensions)];
            var input = scope.Layouts.Full(Node.Name, scope[Input], shape, [0, .. channels, .. positions]).Name;
            if (channels.Length == 2)
                input = scope.Layouts.Reshape(Node.Name, input, [0, shape[channels[0]] * shape[channels[1]], .. positions.Select(axis => shape[axis])]);
            string[] operands = bias is null ? [input, scope.Canonical(Weight)] : [input, scope.Canonical(Weight), bias];
            var result = scope.Graph.Add("Conv", Node.Name, operands, [.. WindowAttributes.Of(Windows), OnnxAttribute.Of("group", Groups)]);
            int[] filters = [.. Results.Select((_, at) => 1 + dimensions + at)];
            if (filters.Length == 2)
                result = scope.Layouts.Reshape(Node.Name, result, [0, .. filters.Select(axis => Node.Shape[axis]), .. positions.Select(axis => Node.Shape[axis])]);
            return new(result, [0, .. filters, .. positions]);
        }

        /// <summary>Whether a coordinate is the row-major index over one or two axes.</summary>
        private static bool IsIndex(GraphCoordinate coordinate, int[] axes, int[] extents) => axes.Length == 1
            ? coordinate.IsAxis(axes[0])
            : coordinate is { Offset: 0, Terms: [var outer, { Scale: 1 } inner] } && outer.Axis == axes[0] && outer.Scale == extents[axes[1]] && inner.Axis == axes[1];
    }
}

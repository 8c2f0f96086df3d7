using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;

namespace ModelDsl.Onnx.Patterns;

/// <summary>Properties of operands that patterns look for.</summary>
internal static class Maps
{
    /// <summary>Whether a coordinate is an axis of the domain.</summary>
    public static bool IsAxis(this GraphCoordinate coordinate, int axis) => coordinate.Offset == 0 && coordinate.Terms is [{ Scale: 1 } term] && term.Axis == axis;

    /// <summary>The axis that a coordinate is; −1 if it is not one.</summary>
    public static int Axis(this GraphCoordinate coordinate) => coordinate.Offset == 0 && coordinate.Terms is [{ Scale: 1 } term] ? term.Axis : -1;

    /// <summary>Whether coordinates are the given axes.</summary>
    public static bool Are(this GraphCoordinate[]? map, params int[] axes) => map is not null && map.Length == axes.Length && map.Zip(axes, IsAxis).All(isAxis => isAxis);

    /// <summary>Whether an operand is read element by element.</summary>
    public static bool IsWhole(ExportScope scope, GraphNode reader, GraphOperand operand) => operand.Map is null && scope.Node(operand.Node).Shape.AsSpan().SequenceEqual(reader.Domain);

    /// <summary>Whether an operand is a parameter or a state with an element for each index of the last axis.</summary>
    public static bool IsOfLastAxis(ExportScope scope, GraphNode reader, GraphOperand operand) =>
        operand.Map.Are(reader.Domain.Length - 1) && IsNumbers(scope.Node(operand.Node)) && scope.Node(operand.Node).Shape is [var length] && length == reader.Domain[^1];

    /// <summary>Whether a node is a parameter or a state.</summary>
    public static bool IsNumbers(GraphNode node) => node.Kind is GraphNodeKind.Parameter or GraphNodeKind.State;
}

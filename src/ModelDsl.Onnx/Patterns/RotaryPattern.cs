using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Patterns;

/// <summary>
/// Rotary embedding of positions: the operator RotaryEmbedding, since opset 23. The layer computes a rotation in the shape [N, T, heads, 2, d/2], x · cos + other half · ± sin with tables for all positions, and no
/// other layer reads halves in reverse order.
/// </summary>
internal static class RotaryPattern
{
    private const int OpsetOfRotary = 23;

    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (scope.Graph.Opset < OpsetOfRotary || node is not { Kind: GraphNodeKind.Reshape, Shape: [-1, var length, var heads, var size] })
            return null;
        var rotated = node.Operands[0].Node;
        if (scope.Node(rotated) is not { Kind: GraphNodeKind.Map, Operands: [var own, var other, var cosines, var sines] } map || !scope.IsReadOnce(rotated) || !map.Shape.AsSpan().SequenceEqual([-1, length, heads, 2, size / 2]))
            return null;
        var isRotation = BodyPattern.Matches(map, "Add(Multiply(x0,x2),Multiply(x1,x3))") && own.Node == other.Node && own.Map is null && IsOtherHalf(other.Map)
            && scope.Node(cosines.Node).Kind == GraphNodeKind.Constant && cosines.Map.Are(1, 4) && scope.Node(sines.Node).Kind == GraphNodeKind.Constant && sines.Map.Are(1, 3, 4);
        return isRotation ? new([own.Node, cosines.Node, sines.Node], () => Write(scope, node, map)) : null;
    }

    private static bool IsOtherHalf(GraphCoordinate[]? map) =>
        map is [var n, var t, var head, { Offset: 1, Terms: [{ Axis: 3, Scale: -1 }] }, var i] && n.IsAxis(0) && t.IsAxis(1) && head.IsAxis(2) && i.IsAxis(4);

    private static OnnxTensor Write(ExportScope scope, GraphNode node, GraphNode map)
    {
        var (graph, length, heads, size) = (scope.Graph, node.Shape[1], node.Shape[2], node.Shape[3]);
        var halves = scope.Layouts.Full(node.Name, scope.Read(map.Operands[0], map, needsAll: true), map.Shape, [0, 2, 1, 3, 4]).Name;
        var input = scope.Layouts.Reshape(node.Name, halves, [0, heads, length, size]);

        // The sines of the second half have the sign of the operator.
        var sines = graph.Add("Gather", node.Name, [scope.Canonical(map.Operands[3].Node), graph.Integers("index", [1], [])], OnnxAttribute.Of("axis", 1));
        var positions = graph.Add("Expand", node.Name, [graph.Integers(Enumerable.Range(0, length)), scope.Layouts.Extents([-1, length])]);
        return new(graph.Add("RotaryEmbedding", node.Name, [input, scope.Canonical(map.Operands[2].Node), sines, positions]), [0, 2, 1, 3]);
    }
}

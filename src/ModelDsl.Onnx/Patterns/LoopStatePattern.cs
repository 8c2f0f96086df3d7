using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;

namespace ModelDsl.Onnx.Patterns;

/// <summary>The state of a loop after its last step, or after each step: results of the operator Scan, for which the history with the initial state is not needed.</summary>
internal static class LoopStatePattern
{
    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (node is not { Kind: GraphNodeKind.View, Operands: [{ Map: { } map } operand] } || scope.Node(operand.Node) is not { Kind: GraphNodeKind.LoopResult, Result: GraphLoopResult.History } history)
            return null;
        var (loop, axis) = (history.Operands[0].Node, Loops.TimeAxis(history.Shape));
        var description = scope.Node(loop).Loop!;
        int[] axes = [.. Enumerable.Range(0, node.Shape.Length)];
        if (IsLast(scope, node))
            return new([loop], () => scope.Loops[loop].Last[history.Number]);

        var isEach = map[axis].Offset == (description.IsReversed ? 0 : 1) && node.Shape.SequenceEqual(history.Shape.Select((extent, at) => at == axis ? description.Steps : extent));
        return isEach && map.Select((coordinate, at) => at == axis ? coordinate with { Offset = 0 } : coordinate).ToArray().Are(axes)
            ? new([loop], () => scope.Loops[loop].Next[history.Number])
            : null;
    }

    /// <summary>Whether a node is the state of a loop after its last step.</summary>
    public static bool IsLast(ExportScope scope, GraphNode node)
    {
        if (node is not { Kind: GraphNodeKind.View, Operands: [{ Map: { } map } operand] } || scope.Node(operand.Node) is not { Kind: GraphNodeKind.LoopResult, Result: GraphLoopResult.History } history)
            return false;
        var (loop, axis) = (scope.Node(history.Operands[0].Node).Loop!, Loops.TimeAxis(history.Shape));
        return map[axis] is { Terms: [] } && map[axis].Offset == (loop.IsReversed ? 0 : loop.Steps)
            && map.Where((_, at) => at != axis).ToArray().Are([.. Enumerable.Range(0, node.Shape.Length)]) && node.Shape.SequenceEqual(history.Shape.Where((_, at) => at != axis));
    }
}

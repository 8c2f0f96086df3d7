using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Simplify;

/// <summary>
/// The gradient through the windows of a maximum goes to one element of each: <c>element = position ? y : 0</c>. This has two consequences. That element is equal to the
/// maximum, so the gradient of an activation before a pool needs only the results of the pool, a value and a position per window, and no longer
/// the input of the pool. And the sum over all elements is the sum of y over the windows.
/// </summary>
internal static class FirstMaximum
{
    /// <summary>Reads the element from the maximum if the element is the first maximum.</summary>
    public static Node? ReadMaximum(Node node)
    {
        if (node is not MapNode map) return null;
        foreach (var choice in ExprWalk.All(map.Body).OfType<Apply>().Where(apply => apply.Op == ScalarOp.Select && apply.Args[2] is Constant { Value: 0 }))
        {
            if (choice.Args[0] is not Apply { Op: ScalarOp.Equal } equal || equal.Args[1] is not Leaf leaf) continue;
            var position = map.Operands[leaf.Input];
            if (PooledWindow.Of(position.Node) is not { } window) continue;
            foreach (var element in ExprWalk.Inputs(map.Body))
            {
                if (!window.IsElement(map, map.Operands[element], position, equal.Args[0])) continue;

                // If another element is the maximum, the whole expression must be 0.
                if (ExprWalk.Rewrite(map.Body, expr => expr == choice ? Zero : null) is not Constant { Value: 0 }) continue;
                var chosen = ExprWalk.Rewrite(map.Body, expr => expr == choice ? choice.Args[1] : null);
                var leaves = Enumerable.Range(0, map.Operands.Count).Select(input => Input(input == element ? map.Operands.Count : input)).ToArray();
                chosen = ExprWalk.Substitute(chosen, leaves);
                Operand[] operands = [.. map.Operands, position with { Node = window.Maximum }];
                return PerWindow(map, chosen, operands, position) is { } once
                    ? GraphBuilder.Map(map.Name, map.Shape, Select(equal, Input(operands.Length), Zero), [.. operands, position with { Node = once }])
                    : GraphBuilder.Map(map.Name, map.Shape, Select(equal, chosen, Zero), operands);
            }
        }

        return null;
    }

    /// <summary>Replaces a sum over all elements, of which one per window is not 0, by a sum over the windows.</summary>
    public static Node? SumOverWindows(Node node)
    {
        if (node is not ReduceNode { Op: ReduceOp.Sum, Body: Leaf, Operands.Count: 1 } sum || !sum.Operands[0].Map.IsIdentity(sum.Domain.Rank)) return null;
        var summed = sum.Operands[0].Node;
        var source = summed is ReshapeNode reshape ? reshape.Operands[0].Node : summed;
        if (source is not MapNode { Body: Apply { Op: ScalarOp.Select } choice } map || summed.Shape != sum.Domain || Maps.MixedRadix(sum.Domain, map.Shape) is not { } digits) return null;
        if (choice.Args[0] is not Apply { Op: ScalarOp.Equal } equal || equal.Args[1] is not Leaf leaf || choice.Args[1] is not Leaf given || choice.Args[2] is not Constant { Value: 0 }) return null;
        var (position, value) = (map.Operands[leaf.Input], map.Operands[given.Input]);
        if (value.Map != position.Map || value.Node.Shape != position.Node.Shape || PooledWindow.Of(position.Node)?.IsPosition(map, position, equal.Args[0]) != true) return null;

        // Each axis of the result is an axis of the windows.
        var positions = position.Map.Coordinates.Select(coordinate => coordinate.Axis).ToList();
        int[] kept = [.. sum.Output.Coordinates.Select(coordinate => coordinate.Axis < 0 ? -1 : positions.IndexOf(digits[coordinate.Axis].Axis))];
        return kept.Contains(-1) ? null : GraphBuilder.Reduce(
            sum.Name, ReduceOp.Sum, sum.Shape, value.Node.Shape, IndexMap.Project(kept), Input(0), Operand.Whole(value.Node));
    }

    /// <summary>Returns a value that is the same for all elements of a window, as a map over the windows; null if it is not the same.</summary>
    private static Node? PerWindow(MapNode map, Expr chosen, Operand[] operands, Operand position)
    {
        var positions = position.Map.Coordinates.Select(coordinate => coordinate.Axis).ToList();
        var read = ExprWalk.Inputs(chosen).ToList();
        var isSame = read.All(input => operands[input].Map.Coordinates.All(coordinate => coordinate.Terms.All(term => positions.Contains(term.Axis))))
            && ExprWalk.All(chosen).All(part => part is not AxisIndex index || positions.Contains(index.Axis));
        if (chosen is not Apply || !isSame || positions.Contains(-1)) return null;
        var over = new IndexMap([.. Enumerable.Range(0, map.Domain.Rank).Select(axis => positions.Contains(axis) ? Coordinate.Of(positions.IndexOf(axis)) : Coordinate.At(0))]);
        return GraphBuilder.Map(
            map.Name + "Pooled",
            position.Node.Shape,
            ExprWalk.Substitute(chosen, [.. Enumerable.Range(0, operands.Length).Select(input => Input(Math.Max(0, read.IndexOf(input))))], axis => Index(positions.IndexOf(axis))),
            [.. read.Select(input => operands[input] with { Map = operands[input].Map.After(over) })]);
    }
}

using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>The elements of a column that a loss compares with; they are the same in each sample.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Column">The index of the column.</param>
/// <param name="Start">The index of the first element of the first range.</param>
/// <param name="Count">The number of elements in a range.</param>
/// <param name="Period">The number of elements from the start of one range to the start of the next; 0 for all elements.</param>
internal sealed record ComparedElements(string Loss, int Column, int Start, int Count, int Period)
{
    /// <summary>Returns the elements of a column that a value consists of: all, or a range of one axis; null if it is computed or selected in another way.</summary>
    public static ComparedElements? Of(string loss, Node value)
    {
        var range = (Start: 0, Count: 0, Period: 0);
        for (var node = value; ; node = node.Operands[0].Node)
        {
            switch (node)
            {
                case InputNode input:
                    return new(loss, input.Column, range.Start, range.Count, range.Period);

                // The order of the elements does not change.
                case ReshapeNode:
                    continue;

                case ViewNode view when range.Period == 0 && Slice(view) is { } slice:
                    range = slice;
                    continue;

                default:
                    return null;
            }
        }
    }

    /// <summary>Returns the range of an axis that a view reads; null if it reads something else.</summary>
    private static (int Start, int Count, int Period)? Slice(ViewNode view)
    {
        var (map, whole) = (view.Operands[0].Map, view.Operands[0].Node.Shape);
        if (map.Rank != view.Shape.Rank) return null;
        var cut = -1;
        for (var axis = 0; axis < map.Rank; axis++)
        {
            if (map[axis].Terms.Count != 1 || map[axis].Terms[0] != new Term(axis, 1)) return null;
            if (whole[axis] == view.Shape[axis]) continue;
            if (cut >= 0) return null;
            cut = axis;
        }

        if (cut < 0) return null;
        var inner = Enumerable.Range(cut + 1, whole.Rank - cut - 1).Aggregate(1, (product, axis) => product * whole[axis].Value);
        return (map[cut].Offset * inner, view.Shape[cut].Value * inner, whole[cut].Value * inner);
    }
}

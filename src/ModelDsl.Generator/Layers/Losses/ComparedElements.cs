using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>The elements of a column that a loss compares with, the same ones in each sample.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Column">The column's number.</param>
/// <param name="Start">Where the first run of elements starts.</param>
/// <param name="Count">How many elements a run has.</param>
/// <param name="Period">How many elements lie between the starts of two runs; 0 for all elements.</param>
internal sealed record ComparedElements(string Loss, int Column, int Start, int Count, int Period)
{
    /// <summary>The elements of a column that a value consists of: all, or a part of one axis; null where it is computed or cut in another way.</summary>
    public static ComparedElements? Of(string loss, Node value)
    {
        var run = (Start: 0, Count: 0, Period: 0);
        for (var node = value; ; node = node.Operands[0].Node)
        {
            switch (node)
            {
                case InputNode input:
                    return new(loss, input.Column, run.Start, run.Count, run.Period);

                // The order of the elements stays.
                case ReshapeNode:
                    continue;

                case ViewNode view when run.Period == 0 && Slice(view) is { } slice:
                    run = slice;
                    continue;

                default:
                    return null;
            }
        }
    }

    /// <summary>The part of an axis that a view reads; null where it reads something else.</summary>
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

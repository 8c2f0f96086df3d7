using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Simplify;

/// <summary>The axes that a sum runs over, if each axis of its result is an axis of its domain.</summary>
internal sealed class SummedAxes
{
    private readonly ReduceNode sum;
    private readonly HashSet<int> axes;

    private SummedAxes(ReduceNode sum, HashSet<int> axes) => (this.sum, this.axes) = (sum, axes);

    public int Count => axes.Count;

    public bool HasBatch => axes.Any(axis => sum.Domain[axis].IsBatch);

    /// <summary>The number of terms of each sum; the batch axis counts as one.</summary>
    public int Terms => axes.Where(axis => !sum.Domain[axis].IsBatch).Aggregate(1, (product, axis) => product * sum.Domain[axis].Value);

    /// <summary>Returns the axes of a sum; null if its result is a window or a part.</summary>
    public static SummedAxes? Of(ReduceNode sum)
    {
        var kept = sum.Output.Coordinates.Select(coordinate => coordinate.Axis).ToArray();
        var isPlain = kept.All(axis => axis >= 0) && kept.Distinct().Count() == kept.Length
            && sum.Shape == Shape.Of([.. kept.Select(axis => sum.Domain[axis])]);
        return isPlain ? new SummedAxes(sum, [.. Enumerable.Range(0, sum.Domain.Rank).Except(kept)]) : null;
    }

    public bool Contains(int axis) => axes.Contains(axis);

    /// <summary>Whether an operand changes along the summed axes.</summary>
    public bool Touches(Operand operand) =>
        operand.Map.Coordinates.Any(coordinate => coordinate.Terms.Any(term => axes.Contains(term.Axis)));
}

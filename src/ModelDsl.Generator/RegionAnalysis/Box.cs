using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.RegionAnalysis;

/// <summary>A region of a tensor: a half-open interval per axis. The batch axis is always complete, represented as [0, 1).</summary>
internal readonly record struct Box(int[] Low, int[] High)
{
    public static Box Whole(Shape shape) =>
        new(new int[shape.Rank], [.. shape.Extents.Select(extent => extent.IsBatch ? 1 : extent.Value)]);

    /// <summary>Returns the smallest box that contains both.</summary>
    public Box Union(Box other) => new([.. Low.Zip(other.Low, Math.Min)], [.. High.Zip(other.High, Math.Max)]);

    public bool IsWhole(Shape shape) => Low.All(low => low == 0) && High.SequenceEqual(Whole(shape).High);

    public Shape ShapeIn(Shape shape)
    {
        var (low, high) = (Low, High);
        return new([.. shape.Extents.Select((extent, axis) => extent.IsBatch ? extent : (Extent)(high[axis] - low[axis]))]);
    }

    /// <summary>Returns the region that a map reads for this box of a domain, clipped to the operand. Null if it is empty.</summary>
    public Box? Through(IndexMap map, Shape shape)
    {
        var reached = Whole(shape);
        for (var axis = 0; axis < map.Rank; axis++)
        {
            if (shape[axis].IsBatch) continue;
            var (low, high) = (map[axis].Offset, map[axis].Offset);
            foreach (var term in map[axis].Terms)
            {
                var (first, last) = (term.Scale * Low[term.Axis], term.Scale * (High[term.Axis] - 1));
                (low, high) = (low + Math.Min(first, last), high + Math.Max(first, last));
            }

            reached.Low[axis] = Math.Max(0, low);
            reached.High[axis] = Math.Min(shape[axis].Value, high + 1);
            if (reached.Low[axis] >= reached.High[axis]) return null;
        }

        return reached;
    }
}

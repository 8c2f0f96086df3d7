using System.Runtime.InteropServices;

namespace ModelDsl.Distributed;

/// <summary>Sums of each part of the batches of an evaluation.</summary>
/// <param name="width">The number of sums.</param>
/// <param name="group">The group; null for none, with one part.</param>
internal sealed class PartTotals(int width, Collective? group)
{
    private readonly PartRange range = group?.OwnParts ?? new PartRange(1, 0, 1);
    private readonly double[] totals = new double[width * (group?.OwnParts.Count ?? 1)];

    /// <summary>Returns the part of a micro-batch.</summary>
    /// <param name="microBatch">The number of the micro-batch in the pass of this rank.</param>
    public int PartOf(long microBatch) => range.First + (int)(microBatch % range.Own);

    /// <summary>Returns the sums of a part.</summary>
    public Span<double> Of(int part) => totals.AsSpan(part * width, width);

    /// <summary>Returns the sums over all parts of all ranks.</summary>
    public double[] Add()
    {
        if (group is { Count: > 1 })
        {
            var own = MemoryMarshal.AsBytes(totals.AsSpan(range.First * width, range.Own * width));
            foreach (var (rank, bytes) in group.Gather(CollectiveCall.Evaluate, own).Index())
                MemoryMarshal.Cast<byte, double>(bytes).CopyTo(totals.AsSpan(rank * range.Own * width));
        }

        return Add(0, range.Count);
    }

    private double[] Add(int first, int count)
    {
        if (count == 1)
            return Of(first).ToArray();
        var (left, right) = (Add(first, count / 2), Add(first + (count / 2), count - (count / 2)));
        for (var i = 0; i < width; i++)
            left[i] += right[i];
        return left;
    }
}

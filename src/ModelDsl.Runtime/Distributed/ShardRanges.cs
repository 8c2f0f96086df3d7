using System.Numerics;
using ModelDsl.Compiled;

namespace ModelDsl.Distributed;

/// <summary>The contiguous range of the parameters that each rank updates. The ranges of ranks whose numbers have the same low bits are next to each other, as in <see cref="RankTree"/>.</summary>
internal sealed class ShardRanges
{
    private readonly Collective group;

    // Where the range of the rank with the index begins, in the order of the ranges, and the end of the last.
    private readonly int[] bounds;

    private ShardRanges(Collective group, int[] bounds) => (this.group, this.bounds) = (group, bounds);

    /// <summary>The ranges in ascending order.</summary>
    public IEnumerable<(int Rank, int From, int To)> All => Enumerable.Range(0, group.Count).Select(index => (RankAt(group, index), bounds[index], bounds[index + 1]));

    /// <summary>The range of this rank.</summary>
    public (int From, int To) Own => (bounds[RankAt(group, group.Rank)], bounds[RankAt(group, group.Rank) + 1]);

    /// <summary>Returns ranges of about the same length.</summary>
    /// <param name="group">The group, whose number of ranks is a power of two.</param>
    /// <param name="length">The number of floats of all trainable parameters.</param>
    public static ShardRanges Even(Collective group, int length) =>
        new(group, [.. Enumerable.Range(0, group.Count).Select(index => group.Tree.OwnRange(RankAt(group, index), length).From), length]);

    /// <summary>Returns ranges of whole parameters, which begin at those nearest to ranges of the same length. A rank has none if there are fewer parameters than ranks, or if one is larger than the share of a rank.</summary>
    /// <param name="group">The group, whose number of ranks is a power of two.</param>
    /// <param name="model">The description of the model.</param>
    public static ShardRanges OfParameters(Collective group, ModelDescription model)
    {
        int[] starts = [.. model.Parameters.Where(static parameter => parameter.Trainable).Select(static parameter => parameter.Offset).Order(), model.TrainableFloats];
        var bounds = new int[group.Count + 1];
        for (var index = 1; index < group.Count; index++)
        {
            var target = (long)model.TrainableFloats * index / group.Count;
            bounds[index] = Math.Max(bounds[index - 1], starts.MinBy(start => Math.Abs(start - target)));
        }

        bounds[^1] = model.TrainableFloats;
        return new ShardRanges(group, bounds);
    }

    /// <summary>Collects floats, of which each rank has those of its own range.</summary>
    /// <param name="values">The floats.</param>
    /// <param name="limit">How long to wait for each rank.</param>
    public void Collect(Span<float> values, TimeSpan limit)
    {
        var index = RankAt(group, group.Rank);
        for (var size = 1; size < group.Count; size *= 2)
        {
            var (own, other) = (index / size * size, (index / size * size) ^ size);
            FloatMessages.Exchange(group, RankAt(group, index ^ size), values[bounds[own]..bounds[own + size]], values[bounds[other]..bounds[other + size]], limit);
            limit += RankTree.Later;
        }
    }

    /// <summary>Returns the rank with a range, or the index of the range of a rank: the bits in the opposite order.</summary>
    private static int RankAt(Collective group, int index)
    {
        var rank = 0;
        for (var bit = 0; bit < BitOperations.Log2((uint)group.Count); bit++)
            rank = (rank << 1) | ((index >> bit) & 1);
        return rank;
    }
}

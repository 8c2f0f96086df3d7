using System.Numerics;

namespace ModelDsl.Distributed;

/// <summary>
/// Sums of floats over the ranks along one fixed binary tree, by recursive halving: in round k a rank exchanges half of its range with the rank whose number differs in bit k. Both add a left and a right subtree, whose sum has
/// the same bits in either order. Each rank then has the sums of its own range, and collects the others in the opposite order.
/// </summary>
/// <param name="group">The group, whose number of ranks is a power of two.</param>
internal sealed class RankTree(Collective group)
{
    /// <summary>Ranges begin at multiples of this number of floats.</summary>
    private const int Grain = 16;

    /// <summary>Further rounds have the limit of this one.</summary>
    private const int MostRounds = 50;

    /// <summary>By how much longer a rank waits in each further round. A rank that waits for one that does not answer gives up before those that wait for it, and its message names the right one.</summary>
    public static readonly TimeSpan Later = TimeSpan.FromMilliseconds(100);

    private float[] received = [];

    /// <summary>Replaces floats by their sum over all ranks, on each rank.</summary>
    /// <param name="values">The floats, as many on each rank.</param>
    /// <param name="limit">How long to wait for each rank.</param>
    public void Sum(Span<float> values, TimeSpan limit)
    {
        if (group.Count == 1)
            return;
        if (!group.Deterministic || !BitOperations.IsPow2(group.Count))
        {
            group.SumInAnyOrder(values, limit);
            return;
        }

        SumOwn(values, limit);
        Collect(values, limit + (Later * BitOperations.Log2((uint)group.Count)));
    }

    /// <summary>Returns how much longer a rank waits for a slice than for the first one.</summary>
    /// <param name="slice">The number of slices before it.</param>
    public TimeSpan LaterFor(int slice) => Later * Math.Min(MostRounds, slice * 2 * BitOperations.Log2((uint)group.Count));

    /// <summary>Returns the range of floats whose sums a rank computes.</summary>
    /// <param name="rank">The rank.</param>
    /// <param name="length">The number of floats.</param>
    public (int From, int To) OwnRange(int rank, int length) => Range(rank, group.Count, length);

    /// <summary>Replaces the floats of the rank's own range by their sum. The others are no longer valid.</summary>
    /// <param name="values">The floats, as many on each rank.</param>
    /// <param name="limit">How long to wait for each rank.</param>
    private void SumOwn(Span<float> values, TimeSpan limit)
    {
        var (from, to) = (0, values.Length);
        for (var bit = 1; bit < group.Count; bit *= 2)
        {
            var middle = Middle(from, to);
            var isLeft = (group.Rank & bit) == 0;
            var (own, other) = isLeft ? ((from, middle), (middle, to)) : ((middle, to), (from, middle));
            if (received.Length < own.Item2 - own.Item1)
                received = new float[own.Item2 - own.Item1];
            var theirs = received.AsSpan(0, own.Item2 - own.Item1);
            FloatMessages.Exchange(group, group.Rank ^ bit, values[other.Item1..other.Item2], theirs, limit);
            limit += Later;
            FloatSpans.Add(values[own.Item1..own.Item2], theirs);
            (from, to) = own;
        }
    }

    /// <summary>Collects the own ranges of all ranks.</summary>
    /// <param name="values">The floats, of which the own range is valid.</param>
    /// <param name="limit">How long to wait for each rank.</param>
    private void Collect(Span<float> values, TimeSpan limit)
    {
        for (var bit = group.Count / 2; bit > 0; bit /= 2)
        {
            var own = Range(group.Rank, bit * 2, values.Length);
            var other = Range(group.Rank ^ bit, bit * 2, values.Length);
            FloatMessages.Exchange(group, group.Rank ^ bit, values[own.From..own.To], values[other.From..other.To], limit);
            limit += Later;
        }
    }

    /// <summary>Returns the range of a rank after the rounds with bits below a limit.</summary>
    private static (int From, int To) Range(int rank, int bits, int length)
    {
        var (from, to) = (0, length);
        for (var bit = 1; bit < bits; bit *= 2)
            (from, to) = (rank & bit) == 0 ? (from, Middle(from, to)) : (Middle(from, to), to);
        return (from, to);
    }

    private static int Middle(int from, int to) => Math.Min(to, from + (((to - from) / 2 + Grain - 1) / Grain * Grain));
}

using System.Diagnostics;
using System.Numerics;
using ModelDsl.Distributed;

namespace ModelDsl;

/// <content>What training needs of a group: limits of waits, the work of the root, and calls that are matched.</content>
public abstract partial class Collective
{
    /// <summary>The limit of waits in which the root may do work that takes long, such as writing a checkpoint.</summary>
    internal static TimeSpan SlowLimit { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How long to wait for a rank that has done the same work as this one since the last time that all ranks met.</summary>
    internal TimeSpan Limit => Timeout + Stopwatch.GetElapsedTime(lastContact);

    /// <summary>Whether gradients are exchanged while the backward pass computes. Results have the same bits either way.</summary>
    internal bool Overlaps { get => overlaps && AllowsThreads; set => overlaps = value; }

    /// <summary>The number of floats that are exchanged at a time, the same on all ranks. Smaller slices begin earlier, and larger ones need fewer messages.</summary>
    internal int SliceFloats { get; set; } = 1 << 18;

    /// <summary>The exchange that uses the group on a thread of its own at the moment; null for none.</summary>
    internal BackgroundPace? Pace { get; set; }

    /// <summary>How long another rank waits for the next message of a root that works and says so.</summary>
    internal TimeSpan ContactLimit => Timeout * 1.2;

    /// <summary>How long another rank waits for the root: somewhat longer than the root waits, which knows which rank does not answer.</summary>
    internal TimeSpan LimitForRoot => Limit + (Timeout * 0.2);

    /// <summary>Notes that all ranks have met.</summary>
    internal void Met() => lastContact = Stopwatch.GetTimestamp();

    /// <summary>Sums of floats over the ranks.</summary>
    internal RankTree Tree => tree ??= new RankTree(this);

    /// <summary>Which parts of a batch belong to this rank.</summary>
    /// <exception cref="InvalidOperationException">The parts cannot be divided among the ranks.</exception>
    internal PartRange OwnParts
    {
        get
        {
            if (!Deterministic)
                return new PartRange(Count, Rank, 1);
            if (parts % Count == 0)
                return new PartRange(parts, Rank * (parts / Count), parts / Count);
            throw new InvalidOperationException(
                $"{parts} parts of a batch cannot be divided equally among {Count} ranks. Start {Divisors(parts)} ranks{MoreParts}, or set {nameof(Deterministic)} to false.");
        }
    }

    /// <summary>Ends the other ranks after an exception of this one. A <see cref="CollectiveException"/> they have too.</summary>
    /// <param name="exception">The exception.</param>
    internal void Failed(Exception exception)
    {
        if (Count > 1 && exception is not CollectiveException)
            Abort(exception);
    }

    /// <summary>Begins work of the root that other ranks wait for: they learn every second that the root is alive.</summary>
    /// <returns>The work, to be disposed at its end; null on other ranks and in a group of one.</returns>
    internal RootWork? BeginRootWork() => IsRoot && Count > 1 ? Work = new RootWork(this, gate, AllowsThreads) : null;

    /// <summary>On the root, the work that other ranks wait for at the moment; null for none.</summary>
    internal RootWork? Work { get; set; }

    /// <summary>On other ranks, whether the root works and gives no signs of life.</summary>
    internal bool RootIsSilent { get; set; }

    /// <summary>Collects bytes of each rank.</summary>
    /// <param name="call">The call, which is the same on all ranks.</param>
    /// <param name="own">The bytes of this rank.</param>
    internal byte[][] Gather(CollectiveCall call, ReadOnlySpan<byte> own) => Gather(new GatheredBytes(this), call, own);

    /// <summary>Collects bytes of each rank in memory that is used again.</summary>
    /// <param name="gathered">The memory.</param>
    /// <param name="call">The call, which is the same on all ranks.</param>
    /// <param name="own">The bytes of this rank.</param>
    internal byte[][] Gather(GatheredBytes gathered, CollectiveCall call, ReadOnlySpan<byte> own)
    {
        using var exchange = gate.EnterScope();
        try
        {
            var all = gathered.Collect(call, own);
            Met();
            return all;
        }
        catch (CollectiveException) when (call != CollectiveCall.Leave)
        {
            hasFailed = true;
            throw;
        }
    }

    /// <summary>Sends bytes of the root to all ranks, which are known to receive as many.</summary>
    /// <param name="values">On the root, the bytes; on other ranks, where they are written.</param>
    internal void Send(Span<byte> values)
    {
        // A binomial tree: in each round, ranks that have the bytes send them to as many that have not.
        for (var distance = 1; distance < Count; distance *= 2)
        {
            if (Rank < distance && Rank + distance < Count)
                Exchange(Rank + distance, values, [], SlowLimit);
            else if (Rank >= distance && Rank < 2 * distance)
                Exchange(Rank - distance, [], values, SlowLimit);
        }
    }

    private void Reduce(object key, Model model, string part)
    {
        using var exchange = gate.EnterScope();
        reductions.GetValue(key, _ => new ModelReduction(model, part, this)).Run();
    }

    private string MoreParts => BitOperations.IsPow2(Count) ? $", set {nameof(Parts)} to {Count}" : "";

    private static string Divisors(int parts)
    {
        var powers = Enumerable.Range(0, BitOperations.Log2((uint)parts) + 1).Select(static power => $"{1 << power}").ToArray();
        return powers.Length == 1 ? powers[0] : $"{string.Join(", ", powers[..^1])} or {powers[^1]}";
    }
}

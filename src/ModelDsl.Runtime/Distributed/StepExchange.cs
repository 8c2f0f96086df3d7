using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ModelDsl.Distributed;

/// <summary>Exchanges the records of a step: all ranks get those of all parts and ranks.</summary>
/// <param name="group">The group.</param>
internal sealed class StepExchange(Collective group)
{
    private readonly PartRange range = group.OwnParts;
    private readonly PartRecord[] parts = new PartRecord[group.OwnParts.Count];
    private readonly RankRecord[] ranks = new RankRecord[group.Count];
    private readonly GatheredBytes gathered = new(group);
    private readonly byte[] message = new byte[Unsafe.SizeOf<RankRecord>() + (group.OwnParts.Own * Unsafe.SizeOf<PartRecord>())];

    /// <summary>The records of this rank's parts.</summary>
    public Span<PartRecord> Own => parts.AsSpan(range.First, range.Own);

    /// <summary>The records of all parts.</summary>
    public ReadOnlySpan<PartRecord> Parts => parts;

    /// <summary>The records of all ranks.</summary>
    public ReadOnlySpan<RankRecord> Ranks => ranks;

    /// <summary>Exchanges the records.</summary>
    /// <param name="own">The record of this rank.</param>
    public void Run(RankRecord own)
    {
        ranks[group.Rank] = own;
        if (group.Count == 1)
            return;
        MemoryMarshal.Write(message, in own);
        MemoryMarshal.AsBytes(Own).CopyTo(message.AsSpan(Unsafe.SizeOf<RankRecord>()));

        var all = group.Gather(gathered, CollectiveCall.Step, message);
        for (var rank = 0; rank < all.Length; rank++)
        {
            ranks[rank] = MemoryMarshal.Read<RankRecord>(all[rank]);
            MemoryMarshal.Cast<byte, PartRecord>(all[rank].AsSpan(Unsafe.SizeOf<RankRecord>())).CopyTo(parts.AsSpan(rank * range.Own));
        }
    }
}

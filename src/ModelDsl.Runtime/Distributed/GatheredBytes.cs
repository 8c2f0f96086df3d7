using System.Buffers.Binary;
using System.Text;

namespace ModelDsl.Distributed;

/// <summary>
/// Collects bytes of all ranks on the root, which sends them to all. Each wait is for one rank, so that a message can name it. Each message has the kind of the call, so that ranks in different calls get an error instead of
/// bytes of another kind.
/// </summary>
/// <param name="group">The group.</param>
/// <remarks>An object that collects as many bytes again uses the same memory.</remarks>
internal sealed class GatheredBytes(Collective group)
{
    private readonly byte[][] all = new byte[group.Count][];
    private readonly CollectiveCall[] calls = new CollectiveCall[group.Count];
    private byte[] joined = [];

    /// <summary>Returns the bytes of each rank, which are valid until the next call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="own">The bytes of this rank.</param>
    /// <exception cref="CollectiveException">A rank is in another call. The exception is thrown on all ranks.</exception>
    public byte[][] Collect(CollectiveCall call, ReadOnlySpan<byte> own)
    {
        if (group.Count == 1)
        {
            Set(0, own);
        }
        else if (group.IsRoot)
        {
            CollectOnRoot(call, own, call.LimitOfRoot(group));
        }
        else
        {
            var limit = call.LimitOfOthers(group);
            RankMessages.Send(group, 0, (byte)call, own, limit);
            if (RankMessages.ReceiveOfRoot(group, ref joined, limit) != RankMessages.Result)
                throw new CollectiveException(Encoding.UTF8.GetString(joined));
            Split();
        }

        return all;
    }

    private void CollectOnRoot(CollectiveCall call, ReadOnlySpan<byte> own, TimeSpan limit)
    {
        calls[0] = call;
        Set(0, own);
        for (var rank = 1; rank < all.Length; rank++)
            calls[rank] = (CollectiveCall)RankMessages.Receive(group, rank, ref all[rank], limit);
        var error = CollectiveCalls.Difference(calls);
        if (error is null)
            Join(isEmpty: call.IsForRoot());
        var answer = error is null ? joined : Encoding.UTF8.GetBytes(error);
        for (var rank = 1; rank < all.Length; rank++)
            RankMessages.Send(group, rank, error is null ? RankMessages.Result : RankMessages.Error, answer, limit);
        if (error is not null)
            throw new CollectiveException(error);
    }

    /// <summary>Joins the bytes of all ranks, or as many empty ones.</summary>
    private void Join(bool isEmpty)
    {
        var length = 0;
        foreach (var bytes in all)
            length += sizeof(int) + (isEmpty ? 0 : bytes.Length);
        RankMessages.Resize(ref joined, length);
        var at = 0;
        foreach (var bytes in all)
        {
            var own = isEmpty ? [] : bytes.AsSpan();
            BinaryPrimitives.WriteInt32LittleEndian(joined.AsSpan(at), own.Length);
            own.CopyTo(joined.AsSpan(at + sizeof(int)));
            at += sizeof(int) + own.Length;
        }
    }

    private void Split()
    {
        ReadOnlySpan<byte> rest = joined;
        for (var rank = 0; rank < all.Length; rank++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            Set(rank, rest.Slice(sizeof(int), length));
            rest = rest[(sizeof(int) + length)..];
        }
    }

    private void Set(int rank, ReadOnlySpan<byte> bytes)
    {
        RankMessages.Resize(ref all[rank], bytes.Length);
        bytes.CopyTo(all[rank]);
    }
}

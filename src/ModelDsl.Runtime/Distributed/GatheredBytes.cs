using System.Buffers.Binary;
using System.Text;

namespace ModelDsl.Distributed;

/// <summary>
/// Collects bytes of all ranks on the root, which sends them to all. Each wait is for one rank, so that a message can name it. Each message has the kind of the call, so that ranks in different calls get an error instead of
/// bytes of another kind.
/// </summary>
internal static class GatheredBytes
{
    /// <summary>Returns the bytes of each rank.</summary>
    /// <param name="group">The group.</param>
    /// <param name="call">The call.</param>
    /// <param name="own">The bytes of this rank.</param>
    /// <exception cref="CollectiveException">A rank is in another call. The exception is thrown on all ranks.</exception>
    public static byte[][] Of(Collective group, CollectiveCall call, ReadOnlySpan<byte> own)
    {
        if (group.Count == 1)
            return [own.ToArray()];
        if (group.IsRoot)
            return Collect(group, call, own, call.LimitOfRoot(group));
        var limit = call.LimitOfOthers(group);
        RankMessages.Send(group, 0, (byte)call, own, limit);
        var (kind, answer) = RankMessages.ReceiveOfRoot(group, limit);
        return kind == RankMessages.Result ? Split(answer, group.Count) : throw new CollectiveException(Encoding.UTF8.GetString(answer));
    }

    private static byte[][] Collect(Collective group, CollectiveCall call, ReadOnlySpan<byte> own, TimeSpan limit)
    {
        var all = new byte[group.Count][];
        var calls = new CollectiveCall[group.Count];
        (calls[0], all[0]) = (call, own.ToArray());
        for (var rank = 1; rank < all.Length; rank++)
        {
            (var theirs, all[rank]) = RankMessages.Receive(group, rank, limit);
            calls[rank] = (CollectiveCall)theirs;
        }

        var error = CollectiveCalls.Difference(calls);
        var answer = error is not null ? Encoding.UTF8.GetBytes(error) : Join(call.IsForRoot() ? Array.ConvertAll(all, static _ => Array.Empty<byte>()) : all);
        for (var rank = 1; rank < all.Length; rank++)
            RankMessages.Send(group, rank, error is null ? RankMessages.Result : RankMessages.Error, answer, limit);
        return error is null ? all : throw new CollectiveException(error);
    }

    private static byte[] Join(byte[][] all)
    {
        var joined = new byte[all.Sum(static bytes => sizeof(int) + bytes.Length)];
        var at = 0;
        foreach (var bytes in all)
        {
            BinaryPrimitives.WriteInt32LittleEndian(joined.AsSpan(at), bytes.Length);
            bytes.CopyTo(joined.AsSpan(at + sizeof(int)));
            at += sizeof(int) + bytes.Length;
        }

        return joined;
    }

    private static byte[][] Split(ReadOnlySpan<byte> joined, int count)
    {
        var all = new byte[count][];
        for (var rank = 0; rank < count; rank++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(joined);
            all[rank] = joined.Slice(sizeof(int), length).ToArray();
            joined = joined[(sizeof(int) + length)..];
        }

        return all;
    }
}

using System.Buffers.Binary;

namespace ModelDsl.Distributed;

/// <summary>Collects bytes of all ranks on the root, which sends them to all. Each wait is for one rank, so that a message can name it.</summary>
internal static class GatheredBytes
{
    /// <summary>How much longer other ranks wait than the root, which knows which rank does not answer.</summary>
    private static readonly TimeSpan RootFirst = TimeSpan.FromSeconds(2);

    /// <summary>Returns the bytes of each rank.</summary>
    /// <param name="group">The group.</param>
    /// <param name="own">The bytes of this rank.</param>
    /// <param name="rootMayPause">Whether the root may have done work that takes long.</param>
    public static byte[][] Of(Collective group, ReadOnlySpan<byte> own, bool rootMayPause)
    {
        if (group.Count == 1)
            return [own.ToArray()];
        if (group.IsRoot)
            return Collect(group, own, group.Limit);
        var limit = rootMayPause ? Collective.SlowLimit : group.Limit + RootFirst;
        Send(group, 0, own, limit);
        return Split(Receive(group, 0, limit), group.Count);
    }

    private static byte[][] Collect(Collective group, ReadOnlySpan<byte> own, TimeSpan limit)
    {
        var all = new byte[group.Count][];
        all[0] = own.ToArray();
        for (var rank = 1; rank < all.Length; rank++)
            all[rank] = Receive(group, rank, limit);
        var joined = Join(all);
        for (var rank = 1; rank < all.Length; rank++)
            Send(group, rank, joined, limit);
        return all;
    }

    private static void Send(Collective group, int rank, ReadOnlySpan<byte> bytes, TimeSpan limit)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        group.Exchange(rank, length, [], limit);
        if (bytes.Length > 0)
            group.Exchange(rank, bytes, [], limit);
    }

    private static byte[] Receive(Collective group, int rank, TimeSpan limit)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        group.Exchange(rank, [], length, limit);
        var bytes = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        if (bytes.Length > 0)
            group.Exchange(rank, [], bytes, limit);
        return bytes;
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

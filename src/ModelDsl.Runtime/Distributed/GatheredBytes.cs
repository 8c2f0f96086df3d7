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
    /// <summary>The length of a header: the number of bytes after it, and a byte.</summary>
    private const int Header = sizeof(int) + 1;

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
            Send(0, (byte)call, own, limit);
            var isError = Receive(0, ref joined, limit);
            if (isError != 0)
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
            calls[rank] = (CollectiveCall)Receive(rank, ref all[rank], limit);
        var error = CollectiveCalls.Difference(calls);
        if (error is null)
            Join();
        var answer = error is null ? joined : Encoding.UTF8.GetBytes(error);
        for (var rank = 1; rank < all.Length; rank++)
            Send(rank, error is null ? (byte)0 : (byte)1, answer, limit);
        if (error is not null)
            throw new CollectiveException(error);
    }

    private void Send(int rank, byte kind, ReadOnlySpan<byte> bytes, TimeSpan limit)
    {
        Span<byte> header = stackalloc byte[Header];
        BinaryPrimitives.WriteInt32LittleEndian(header, bytes.Length);
        header[sizeof(int)] = kind;
        group.Exchange(rank, header, [], limit);
        if (bytes.Length > 0)
            group.Exchange(rank, bytes, [], limit);
    }

    private byte Receive(int rank, ref byte[] bytes, TimeSpan limit)
    {
        Span<byte> header = stackalloc byte[Header];
        group.Exchange(rank, [], header, limit);
        Resize(ref bytes, BinaryPrimitives.ReadInt32LittleEndian(header));
        if (bytes.Length > 0)
            group.Exchange(rank, [], bytes, limit);
        return header[sizeof(int)];
    }

    private void Join()
    {
        var length = 0;
        foreach (var bytes in all)
            length += sizeof(int) + bytes.Length;
        Resize(ref joined, length);
        var at = 0;
        foreach (var bytes in all)
        {
            BinaryPrimitives.WriteInt32LittleEndian(joined.AsSpan(at), bytes.Length);
            bytes.CopyTo(joined.AsSpan(at + sizeof(int)));
            at += sizeof(int) + bytes.Length;
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
        Resize(ref all[rank], bytes.Length);
        bytes.CopyTo(all[rank]);
    }

    private static void Resize(ref byte[] bytes, int length)
    {
        if (bytes?.Length != length)
            bytes = new byte[length];
    }
}

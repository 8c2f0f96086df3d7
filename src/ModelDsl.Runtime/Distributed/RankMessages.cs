using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ModelDsl.Distributed;

/// <summary>Messages between the root and another rank: a length, a kind, and bytes. The kind of a message to the root is that of the call.</summary>
internal static class RankMessages
{
    /// <summary>A result for which the other rank waits.</summary>
    public const byte Result = 0;

    /// <summary>An error, which all ranks get.</summary>
    public const byte Error = 1;

    /// <summary>The root works, and the other rank goes on to wait.</summary>
    public const byte Alive = 2;

    /// <summary>A question, which the other rank answers.</summary>
    public const byte Question = 3;

    /// <summary>The root works and cannot say so again: the other rank waits for longer, until <see cref="SilenceEnded"/>.</summary>
    public const byte Silent = 4;

    /// <summary>The work has ended that began with <see cref="Silent"/>.</summary>
    public const byte SilenceEnded = 5;

    private const int Header = sizeof(int) + 1;

    /// <summary>Sends a message.</summary>
    public static void Send(Collective group, int rank, byte kind, ReadOnlySpan<byte> bytes, TimeSpan limit)
    {
        Span<byte> header = stackalloc byte[Header];
        BinaryPrimitives.WriteInt32LittleEndian(header, bytes.Length);
        header[sizeof(int)] = kind;
        group.Exchange(rank, header, [], limit);
        if (bytes.Length > 0)
            group.Exchange(rank, bytes, [], limit);
    }

    /// <summary>Receives a message of another rank, on the root.</summary>
    /// <param name="group">The group.</param>
    /// <param name="rank">The rank that sends it.</param>
    /// <param name="bytes">The bytes. Memory of the same length is used again.</param>
    /// <param name="limit">How long to wait.</param>
    /// <returns>The kind of the message.</returns>
    public static byte Receive(Collective group, int rank, ref byte[] bytes, TimeSpan limit)
    {
        var (kind, length) = ReceiveHeader(group, rank, limit);
        ReceiveBytes(group, rank, ref bytes, length, limit);
        return kind;
    }

    /// <summary>Waits for a message of the root, as long as the root says that it works.</summary>
    /// <param name="group">The group, not on its root.</param>
    /// <param name="bytes">The bytes. Memory of the same length is used again.</param>
    /// <param name="limit">How long to wait for each message.</param>
    /// <returns>The kind of the message.</returns>
    /// <exception cref="CollectiveException">The root does not answer.</exception>
    public static byte ReceiveOfRoot(Collective group, ref byte[] bytes, TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var (kind, length) = ReceiveHeader(group, 0, group.RootIsSilent ? group.RootTimeout : limit);
            if (kind is not (Alive or Silent or SilenceEnded))
            {
                ReceiveBytes(group, 0, ref bytes, length, limit);
                return kind;
            }

            group.RootIsSilent = kind == Silent;
            if (Stopwatch.GetElapsedTime(start) > group.RootTimeout)
                break;
        }

        var reason = string.Create(CultureInfo.InvariantCulture,
            $"Rank 0 has worked for {group.RootTimeout.TotalSeconds:0.#} s while the others wait (Collective.RootTimeout): look whether its disk still answers, or what its callbacks do.");
        group.Abort(reason);
        throw new CollectiveException(reason);
    }

    /// <summary>Makes memory as long as a message.</summary>
    /// <param name="bytes">The memory; null for none.</param>
    /// <param name="length">The length.</param>
    public static void Resize([NotNull] ref byte[]? bytes, int length)
    {
        if (bytes?.Length != length)
            bytes = new byte[length];
    }

    /// <summary>Answers questions of the root until it has no more.</summary>
    /// <param name="group">The group, not on its root.</param>
    /// <param name="answer">Sends the answer to a question.</param>
    /// <exception cref="CollectiveException">The root does not answer, or sends an error.</exception>
    public static void Answer(Collective group, Action<byte[]> answer)
    {
        byte[] bytes = [];

        // The root may come to its work later than this rank. From then on it sends signs of life.
        var kind = ReceiveOfRoot(group, ref bytes, group.LimitForRoot);
        while (kind == Question)
        {
            answer(bytes);
            kind = ReceiveOfRoot(group, ref bytes, group.ContactLimit);
        }

        if (kind == Error)
            throw new CollectiveException(Encoding.UTF8.GetString(bytes));
        group.Met();
    }

    private static (byte Kind, int Length) ReceiveHeader(Collective group, int rank, TimeSpan limit)
    {
        Span<byte> header = stackalloc byte[Header];
        group.Exchange(rank, [], header, limit);
        return (header[sizeof(int)], BinaryPrimitives.ReadInt32LittleEndian(header));
    }

    private static void ReceiveBytes(Collective group, int rank, [NotNull] ref byte[]? bytes, int length, TimeSpan limit)
    {
        Resize(ref bytes, length);
        if (length > 0)
            group.Exchange(rank, [], bytes, limit);
    }
}

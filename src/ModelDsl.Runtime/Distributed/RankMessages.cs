using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

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

    /// <summary>Receives a message.</summary>
    public static (byte Kind, byte[] Bytes) Receive(Collective group, int rank, TimeSpan limit)
    {
        Span<byte> header = stackalloc byte[Header];
        group.Exchange(rank, [], header, limit);
        var bytes = new byte[BinaryPrimitives.ReadInt32LittleEndian(header)];
        if (bytes.Length > 0)
            group.Exchange(rank, [], bytes, limit);
        return (header[sizeof(int)], bytes);
    }

    /// <summary>Waits for a message of the root, as long as the root says that it works.</summary>
    /// <param name="group">The group, not on its root.</param>
    /// <param name="limit">How long to wait for each message.</param>
    /// <exception cref="CollectiveException">The root does not answer.</exception>
    public static (byte Kind, byte[] Bytes) ReceiveOfRoot(Collective group, TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        while (Receive(group, 0, limit) is var message)
        {
            if (message.Kind != Alive)
                return message;
            if (Stopwatch.GetElapsedTime(start) > Collective.SlowLimit)
                break;
        }

        var reason = string.Create(CultureInfo.InvariantCulture, $"Rank 0 has worked for {Collective.SlowLimit.TotalMinutes} minutes while the others wait: look whether its disk still answers, or what its callbacks do.");
        group.Abort(reason);
        throw new CollectiveException(reason);
    }

    /// <summary>Answers questions of the root until it has no more.</summary>
    /// <param name="group">The group, not on its root.</param>
    /// <param name="answer">Sends the answer to a question.</param>
    public static void Answer(Collective group, Action<byte[]> answer)
    {
        while (ReceiveOfRoot(group, group.ContactLimit) is (Question, var question))
            answer(question);
        group.Met();
    }
}

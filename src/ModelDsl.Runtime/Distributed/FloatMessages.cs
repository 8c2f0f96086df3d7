using System.Runtime.InteropServices;

namespace ModelDsl.Distributed;

/// <summary>Messages of floats between two ranks.</summary>
internal static class FloatMessages
{
    /// <summary>The maximum number of floats that are exchanged at a time: the limit of a wait is for so many.</summary>
    private const int Chunk = 1 << 22;

    /// <summary>Sends floats to another rank and receives floats from it at the same time.</summary>
    /// <param name="group">The group.</param>
    /// <param name="partner">The number of the other rank.</param>
    /// <param name="send">The floats to send.</param>
    /// <param name="receive">Where received floats are written.</param>
    /// <param name="limit">How long to wait.</param>
    public static void Exchange(Collective group, int partner, ReadOnlySpan<float> send, Span<float> receive, TimeSpan limit)
    {
        while (send.Length > 0 || receive.Length > 0)
        {
            var (sent, got) = (Math.Min(send.Length, Chunk), Math.Min(receive.Length, Chunk));
            group.Exchange(partner, MemoryMarshal.AsBytes(send[..sent]), MemoryMarshal.AsBytes(receive[..got]), limit);
            send = send[sent..];
            receive = receive[got..];
        }
    }
}

using System.Globalization;

namespace ModelDsl.Distributed;

/// <summary>The messages between the threads of a group.</summary>
/// <param name="count">The number of ranks.</param>
internal sealed class ThreadMessages(int count)
{
    /// <summary>The maximum number of received messages whose memory is kept for later ones, for each pair of ranks.</summary>
    private const int MostFree = 16;

    private readonly Lock gate = new();
    private readonly Queue<byte[]>[] queues = [.. Enumerable.Range(0, count * count).Select(static _ => new Queue<byte[]>())];
    private readonly List<byte[]>[] free = [.. Enumerable.Range(0, count * count).Select(static _ => new List<byte[]>())];
    private readonly SemaphoreSlim[] arrivals = [.. Enumerable.Range(0, count * count).Select(static _ => new SemaphoreSlim(0))];
    private string? failure;

    /// <summary>Sends a message.</summary>
    public void Send(int from, int to, ReadOnlySpan<byte> message)
    {
        lock (gate)
        {
            ThrowIfFailed();
            var copy = Rent(free[(from * count) + to], message.Length);
            message.CopyTo(copy);
            queues[(from * count) + to].Enqueue(copy);
        }

        arrivals[(from * count) + to].Release();
    }

    /// <summary>Receives the next message.</summary>
    /// <exception cref="CollectiveException">There is none in time, or a rank failed.</exception>
    public void Receive(int from, int to, Span<byte> destination, TimeSpan limit)
    {
        // Abort ends one wait for each message, and a rank may call other methods afterwards.
        lock (gate)
            ThrowIfFailed();
        if (!arrivals[(from * count) + to].Wait(limit))
            Abort(string.Create(CultureInfo.InvariantCulture, $"Rank {from} has not answered rank {to} for {limit.TotalSeconds:0.#} s: it hangs, or takes too long (Collective.Timeout)."));
        lock (gate)
        {
            ThrowIfFailed();
            var message = queues[(from * count) + to].Dequeue();
            message.CopyTo(destination);
            var kept = free[(from * count) + to];
            if (kept.Count == MostFree)
                kept.RemoveAt(0);
            kept.Add(message);
        }
    }

    /// <summary>Ends all waits with an exception.</summary>
    /// <param name="reason">The reason; the first one counts.</param>
    public void Abort(string reason)
    {
        lock (gate)
        {
            if (failure is not null)
                return;
            failure = reason;
        }

        foreach (var arrival in arrivals)
            arrival.Release(count);
    }

    /// <summary>Returns memory of an earlier message of the same length, or new memory.</summary>
    private static byte[] Rent(List<byte[]> free, int length)
    {
        for (var i = 0; i < free.Count; i++)
        {
            if (free[i].Length != length)
                continue;
            var found = free[i];
            free.RemoveAt(i);
            return found;
        }

        return new byte[length];
    }

    private void ThrowIfFailed()
    {
        if (failure is not null)
            throw new CollectiveException(failure);
    }
}

using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace ModelDsl.Distributed;

/// <summary>A group whose ranks are threads of this process, for tests: it shows whether a program computes the same on several ranks. It is not faster than one rank.</summary>
/// <example>
/// <code>
/// ThreadCollective.Run(4, group =>
/// {
///     using var model = new Net(seed: 1);
///     new Trainer(new Adam(1e-3)) { Group = group }.Fit(model, train);
/// });
/// </code>
/// </example>
public sealed class ThreadCollective : Collective
{
    private readonly ThreadMessages messages;
    private float[] received = [];

    private ThreadCollective(ThreadMessages messages, int rank, int count) => (this.messages, Rank, Count) = (messages, rank, count);

    /// <inheritdoc/>
    public override int Rank { get; }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <summary>Runs a method on several threads, each with its own rank, and waits for all of them.</summary>
    /// <param name="count">The number of ranks.</param>
    /// <param name="body">The method. Each rank needs its own model and optimizer.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    /// <exception cref="Exception">The first exception of a rank; the others end too. A <see cref="CollectiveException"/> only if there is no other, because it may be a consequence of another rank's.</exception>
    public static void Run(int count, Action<Collective> body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentNullException.ThrowIfNull(body);
        var messages = new ThreadMessages(count);
        var failures = new List<Exception>();
        var threads = new Thread[count];
        for (var rank = 0; rank < count; rank++)
        {
            var group = new ThreadCollective(messages, rank, count);
            threads[rank] = new Thread(() => RunRank(group, body, failures)) { IsBackground = true, Name = $"ModelDsl rank {rank}" };
            threads[rank].Start();
        }

        foreach (var thread in threads)
            thread.Join();
        if (failures.Count > 0)
            ExceptionDispatchInfo.Throw(failures.Find(static failure => failure is not CollectiveException) ?? failures[0]);
    }

    /// <inheritdoc/>
    public override void Abort(string reason) => messages.Abort(reason);

    /// <inheritdoc/>
    protected override void Exchange(int partner, ReadOnlySpan<byte> send, Span<byte> receive, TimeSpan limit)
    {
        if (send.Length > 0)
            messages.Send(Rank, partner, send);
        if (receive.Length > 0)
            messages.Receive(partner, Rank, receive, limit);
    }

    /// <inheritdoc/>
    protected override void SumInAnyOrder(Span<float> values, TimeSpan limit)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        if (IsRoot && received.Length < values.Length)
            received = new float[values.Length];
        var other = received.AsSpan(0, IsRoot ? values.Length : 0);
        for (var rank = 1; rank < Count; rank++)
        {
            if (Rank == rank)
                Exchange(0, bytes, [], limit);
            if (!IsRoot)
                continue;
            Exchange(rank, [], MemoryMarshal.AsBytes(other), limit);
            for (var i = 0; i < other.Length; i++)
                values[i] += other[i];
        }

        for (var rank = 1; rank < Count; rank++)
        {
            if (IsRoot)
                Exchange(rank, bytes, [], limit);
            else if (Rank == rank)
                Exchange(0, [], bytes, limit);
        }
    }

#pragma warning disable CA1031 // The exception is thrown on the calling thread.
    private static void RunRank(ThreadCollective group, Action<Collective> body, List<Exception> failures)
    {
        try
        {
            body(group);
            if (group.Count > 1)
                group.Leave();
        }
        catch (Exception exception)
        {
            lock (failures)
                failures.Add(exception);
            if (exception is CollectiveException)
                LeaveAfter(group);
            else
                group.Abort(exception);
        }
    }
#pragma warning restore CA1031

    /// <summary>Leaves the group after an exception that the other ranks have too, or that one of them gets because this one leaves.</summary>
    private static void LeaveAfter(ThreadCollective group)
    {
        try
        {
            group.Leave();
        }
        catch (CollectiveException)
        {
            // The first exception is thrown on the calling thread.
        }
    }
}

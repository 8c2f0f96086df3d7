using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using ModelDsl.Distributed;

namespace ModelDsl;

/// <summary>
/// The ranks that train one model together: processes that are started by <c>mpirun</c>, Slurm or Kubernetes, or threads in tests. Each rank computes a part of every batch. The package
/// <c>ModelDsl.Distributed</c> creates a group by <c>Collective.FromEnvironment()</c>.
/// </summary>
/// <remarks>
/// All ranks must run the same program and call the same methods in the same order. An object is used by one thread at a time. To implement another transport, derive from this class; the other methods are
/// built on <see cref="Exchange"/>.
/// </remarks>
/// <example>
/// <code>
/// using var group = Collective.FromEnvironment();
/// var trainer = new Trainer(new Adam(1e-3)) { Group = group, BatchSize = 256 };
/// trainer.Fit(model, train, validation);
/// </code>
/// </example>
public abstract partial class Collective : IDisposable
{
    /// <summary>The default of <see cref="Parts"/>.</summary>
    private const int DefaultParts = 8;

    // While the root does work that the others wait for, another thread tells them that it is alive.
    private readonly Lock gate = new();
    private readonly ConditionalWeakTable<object, ModelReduction> reductions = [];
    private int parts = DefaultParts;
    private TimeSpan timeout = TimeSpan.FromSeconds(10);
    private TimeSpan rootTimeout = SlowLimit;
    private RankTree? tree;
    private bool hasFailed;
    private bool overlaps = true;
    private long lastContact = Stopwatch.GetTimestamp();

    /// <summary>The number of this rank, from 0 to <see cref="Count"/> − 1.</summary>
    public abstract int Rank { get; }

    /// <summary>The number of ranks.</summary>
    public abstract int Count { get; }

    /// <summary>Whether this is rank 0, which writes files and shows progress. Programs write their own output only there.</summary>
    public bool IsRoot => Rank == 0;

    /// <summary>
    /// Whether results have the same bits on 1, 2, 4 and 8 ranks; true by default. Then each batch is computed in <see cref="Parts"/> parts, also on one rank. If false, each rank computes one part, the transport adds
    /// gradients in any order, and results depend on the number of ranks and may differ from run to run. Set it before training.
    /// </summary>
    public bool Deterministic { get; set; } = true;

    /// <summary>
    /// The number of parts of a batch if the group is <see cref="Deterministic"/>; 8 by default. It must be a power of two and a multiple of <see cref="Count"/>. Results depend on it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a power of two from 1 to 65,536.</exception>
    public int Parts
    {
        get => parts;
        set => parts = value is > 0 and <= 1 << 16 && BitOperations.IsPow2(value) ? value : throw ArgumentCheck.Out(nameof(Parts), value, "a power of two from 1 to 65536");
    }

    /// <summary>
    /// How much longer than its own step a rank waits for the others; 10 seconds by default. Then all ranks end, with the number of the rank that did not answer. Increase it if a rank may pause, for example in a
    /// callback that takes long.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan Timeout
    {
        get => timeout;
        set => timeout = Positive(value, nameof(Timeout));
    }

    /// <summary>
    /// How long the other ranks wait while the root saves a checkpoint or runs callbacks at the end of an epoch, and says that it is alive; 10 minutes by default. Then all ranks end. It is longer than <see cref="Timeout"/>,
    /// because a slow disk and one that does not answer any more look the same. Set a shorter time if the disk is fast.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan RootTimeout
    {
        get => rootTimeout;
        set => rootTimeout = Positive(value, nameof(RootTimeout));
    }

    /// <summary>
    /// Replaces the gradients of a model by their mean over all ranks, for training loops of one's own. The weight of a rank is the number of samples of its last batch, or of its labels that count. States, such as running
    /// statistics, become their mean over the ranks. All ranks call it after <c>Backward</c>, or after <see cref="GradientAccumulator.WriteMean"/>, and before the optimizer's <c>Update</c>.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidOperationException">The model has no gradients since the last update.</exception>
    /// <exception cref="CollectiveException">Another rank failed or does not answer, or its model had other parameters at the first call.</exception>
    public void Reduce(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Reduce(model, model, "");
    }

    /// <summary>
    /// Replaces the gradients of a part of a model by their mean over all ranks, for training loops of a model with several losses. All ranks call it after the training step of the loss that trains the part, and before the
    /// optimizer's <c>Update</c> of it. Gradients of other parts stay.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <exception cref="InvalidOperationException">The part has no gradients since the last update, or the last training step was that of another part.</exception>
    /// <exception cref="CollectiveException">Another rank failed or does not answer, or its model had other parameters at the first call.</exception>
    public void Reduce(ModelPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        Reduce(part, part.Model, part.Name);
    }

    /// <summary>
    /// Returns this rank's share of the batches of data, for training loops of one's own. A last batch that is too small for all ranks is left out. Each rank draws other masks of dropout for its share.
    /// </summary>
    /// <param name="data">The data, which is the same on all ranks.</param>
    /// <param name="batchSize">The number of samples per batch of all ranks together.</param>
    /// <param name="shuffle">Whether each pass has a different random order.</param>
    /// <param name="seed">The seed of the orders.</param>
    /// <param name="minimum">The least number of samples of a rank's share of a batch; 2 for a model that normalizes over the batch.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minimum"/> is less than 1, or <paramref name="batchSize"/> is less than <paramref name="minimum"/> samples for each rank.</exception>
    public BatchSequence Batches(DataSource data, int batchSize, bool shuffle = false, int seed = 0, int minimum = 1)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimum, 1);
        var least = checked(Count * minimum);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, least);
        var microBatches = new MicroBatchSelection(Count, Rank, 1) { Minimum = minimum, MinimumTotal = least, IsNumbered = true };
        return data.MicroBatches(batchSize, shuffle, seed, microBatches, prefetch: null, grouping: null, CancellationToken.None);
    }

    /// <summary>Sends bytes of the root to all ranks.</summary>
    /// <param name="values">On the root, the bytes; on other ranks, where they are written. The length is the same on all ranks.</param>
    /// <exception cref="CollectiveException">Another rank failed or does not answer.</exception>
    public void Broadcast(Span<byte> values)
    {
        using var exchange = gate.EnterScope();

        // Without this check, ranks with other lengths or in other calls would wait for bytes that nobody sends.
        var lengths = Array.ConvertAll(Gather(CollectiveCall.Broadcast, BitConverter.GetBytes(values.Length)), static bytes => BitConverter.ToInt32(bytes));
        if (lengths.AsSpan().IndexOfAnyExcept(lengths[0]) is >= 0 and var other)
            throw new CollectiveException($"The root sends {lengths[0]} bytes, and rank {other} has room for {lengths[other]}: call Broadcast with the same length on all ranks.");
        Send(values);
    }

    /// <summary>Waits until all ranks have called this method. The root may take ten minutes longer than the others.</summary>
    /// <exception cref="CollectiveException">Another rank failed or does not answer.</exception>
    public void Barrier() => Gather(CollectiveCall.Barrier, []);

    /// <summary>Returns bytes of each rank, in the order of the ranks, on all ranks.</summary>
    /// <param name="own">The bytes of this rank, whose number may differ between ranks.</param>
    /// <exception cref="CollectiveException">Another rank failed or does not answer.</exception>
    public byte[][] Gather(ReadOnlySpan<byte> own) => Gather(CollectiveCall.Gather, own);

    /// <summary>Ends all ranks: processes end, and other threads get a <see cref="CollectiveException"/> with the reason.</summary>
    /// <param name="reason">The reason.</param>
    public abstract void Abort(string reason);

    /// <summary>Ends all ranks because of an exception of this one, with its type and message.</summary>
    /// <param name="exception">The exception.</param>
    public virtual void Abort(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Abort($"Rank {Rank} of {Count} failed: {exception.GetType().Name}: {exception.Message}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends bytes to another rank and receives bytes from it at the same time. Both ranks call it with each other's number and with the lengths of each other.</summary>
    /// <param name="partner">The number of the other rank.</param>
    /// <param name="send">The bytes to send; if there are none, nothing is sent.</param>
    /// <param name="receive">Where received bytes are written; if it is empty, nothing is received.</param>
    /// <param name="limit">How long to wait.</param>
    /// <exception cref="CollectiveException">The other rank does not answer, or a rank failed.</exception>
    protected internal abstract void Exchange(int partner, ReadOnlySpan<byte> send, Span<byte> receive, TimeSpan limit);

    /// <summary>Replaces floats by their sum over all ranks, added in any order.</summary>
    /// <param name="values">The floats, as many on each rank.</param>
    /// <param name="limit">How long to wait.</param>
    /// <exception cref="CollectiveException">A rank does not answer, or failed.</exception>
    protected internal abstract void SumInAnyOrder(Span<float> values, TimeSpan limit);

    /// <summary>Whether different threads may use the object, one at a time; true by default. If not, gradients are exchanged after the backward pass, and not while it computes.</summary>
    protected virtual bool AllowsThreads => true;

    /// <summary>
    /// Lets other threads use the core. An implementation that tests for a message again and again calls it between tests. It takes longer while a backward pass computes, which needs the core.
    /// </summary>
    /// <returns>Whether a backward pass computes. Then few tests should follow before the next call.</returns>
    protected bool Pause()
    {
        if (Pace is { } pace)
            return pace.Pause();
        Thread.Yield();
        return false;
    }

    /// <summary>
    /// Waits until all ranks leave the group, for at most ten minutes. Ranks that call another method meanwhile get an exception, which says that this one has left. An implementation calls it before it disconnects this rank.
    /// </summary>
    /// <returns>Whether an exchange failed on this rank before it left. The rank that has caused this may still have an error to print.</returns>
    /// <exception cref="CollectiveException">A rank does not leave.</exception>
    protected bool Leave()
    {
        try
        {
            Gather(CollectiveCall.Leave, []);
        }
        catch (CollectiveException)
        {
            // The others have the exception too, and leave now. If a rank goes on nevertheless, the second exception is thrown.
            Gather(CollectiveCall.Leave, []);
        }

        return hasFailed;
    }

    private static TimeSpan Positive(TimeSpan value, string name) =>
        value > TimeSpan.Zero ? value : throw ArgumentCheck.Out(name, value.TotalSeconds.ToString(CultureInfo.InvariantCulture), "a positive time");

    /// <summary>Leaves the group.</summary>
    /// <param name="disposing">False when called by a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}

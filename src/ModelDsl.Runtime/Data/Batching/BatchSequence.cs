using System.Collections;

namespace ModelDsl;

/// <summary>
/// Data in batches, which is enumerated once per epoch. Each enumeration is the next pass (with a new order if shuffled) in the same memory.
/// </summary>
/// <remarks>Leaving a <c>foreach</c> early stops the background thread, if there is one, before the loop ends.</remarks>
public sealed class BatchSequence : IEnumerable<Batch>
{
    private readonly DataSource source;
    private readonly BatchOptions options;
    private readonly CancellationToken cancellation;
    private BatchReader? idle;
    private ulong passes;
    private (ulong Pass, long Batch)? start;

    internal BatchSequence(DataSource source, BatchOptions options, CancellationToken cancellation)
    {
        this.source = source;
        this.options = options;
        this.cancellation = cancellation;
    }

    /// <summary>The number of samples per batch; the last batch of a pass may have fewer.</summary>
    public int BatchSize => options.Size;

    /// <summary>The number of batches per pass, or null if it is unknown because the data is a stream.</summary>
    public int? Count => source.KnownCount is not { } samples ? null
        : options.DropLast ? samples / options.Size
        : options.MicroBatches is { } microBatches ? CountOf(microBatches, samples)
        : (int)(((long)samples + options.Size - 1) / options.Size);

    /// <summary>Begins the next pass.</summary>
    /// <exception cref="OperationCanceledException">The token of the sequence is cancelled.</exception>
    public BatchEnumerator GetEnumerator()
    {
        cancellation.ThrowIfCancellationRequested();
        // One set of buffers is kept for the next pass; concurrent passes allocate their own.
        var reader = Interlocked.Exchange(ref idle, null) ?? BatchReader.Create(source, options);
        var (pass, first) = BeginPass();
        reader.Begin(new DataPass(options.Seed ?? 0, pass), first, cancellation);
        return new BatchEnumerator(this, reader);
    }

    IEnumerator<Batch> IEnumerable<Batch>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal DataSource Source => source;

    internal BatchOptions Options => options;

    /// <summary>Whether the numbers of passes are those of the data source.</summary>
    private bool IsSeries => options.Shuffle && options.Seed is null;

    /// <summary>The number of the pass that begins next, if no other loop begins one before.</summary>
    internal ulong NextPass => start?.Pass ?? (IsSeries ? source.ShuffledPasses : Volatile.Read(ref passes));

    /// <summary>Sets where the next enumeration begins. Later ones are whole passes, with the following numbers.</summary>
    /// <param name="pass">The number of the pass.</param>
    /// <param name="batch">The number of the first batch in this pass.</param>
    internal void StartAt(ulong pass, long batch) => start = (pass, batch);

    internal void Return(BatchReader reader) => idle = reader;

    /// <summary>Returns the number of micro-batches that a pass makes.</summary>
    private int CountOf(MicroBatchSelection microBatches, int samples)
    {
        var (whole, rest) = Math.DivRem(samples, options.Size);
        return (whole + (rest > 0 && !microBatches.IsLeftOut(whole, rest) ? 1 : 0)) * microBatches.Own;
    }

    private (ulong Pass, long First) BeginPass()
    {
        if (start is not { } set)
            return (IsSeries ? source.NextShuffledPass() : Interlocked.Increment(ref passes) - 1, 0);
        start = null;
        if (IsSeries)
            source.ShuffledPasses = set.Pass + 1;
        else
            Interlocked.Exchange(ref passes, set.Pass + 1);
        return set;
    }
}

/// <summary>One pass over a <see cref="BatchSequence"/>.</summary>
public sealed class BatchEnumerator : IEnumerator<Batch>
{
    private readonly BatchSequence sequence;
    private BatchReader? reader;
    private Batch? current;

    internal BatchEnumerator(BatchSequence sequence, BatchReader reader)
    {
        this.sequence = sequence;
        this.reader = reader;
    }

    /// <summary>The batch, valid until <see cref="MoveNext"/> is called again.</summary>
    /// <exception cref="InvalidOperationException">There is no current batch.</exception>
    public Batch Current => current ?? throw new InvalidOperationException("There is no current batch: call MoveNext first, and stop when it says false.");

    object IEnumerator.Current => Current;

    /// <summary>Advances to the next batch, and waits until it is prepared.</summary>
    /// <exception cref="OperationCanceledException">The sequence was cancelled.</exception>
    public bool MoveNext()
    {
        current = reader?.Next();
        return current is not null;
    }

    /// <summary>Stops the preparation of batches. Returns after the background thread, if there is one, has ended.</summary>
    public void Dispose()
    {
        current = null;
        if (Interlocked.Exchange(ref reader, null) is not { } ended)
            return;
        ended.End();
        sequence.Return(ended);
    }

    /// <summary>Not supported: enumerate the sequence again instead.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void Reset() => throw new NotSupportedException("Enumerate the sequence again instead.");
}

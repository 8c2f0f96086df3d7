namespace ModelDsl;

/// <summary>The buffers of an enumeration, and the threads that fill them.</summary>
internal abstract class BatchReader
{
    /// <summary>Begins a pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="first">The number of the first batch to return; 0 for the whole pass.</param>
    /// <param name="cancellation">Ends the pass with an <see cref="OperationCanceledException"/>.</param>
    public abstract void Begin(DataPass pass, long first, CancellationToken cancellation);

    /// <summary>Returns the next batch, after which the previous one is invalid; null at the end.</summary>
    public abstract Batch? Next();

    /// <summary>Ends the pass. No background thread runs afterwards.</summary>
    public abstract void End();

    public static BatchReader Create(DataSource source, BatchOptions options)
    {
        // A batch larger than the data would waste memory.
        var samples = Math.Max(1, Math.Min(options.Size, source.KnownCount ?? int.MaxValue));
        var capacity = options.MicroBatches?.Largest(samples) ?? samples;
        var producer = source.CreateProducer(options);
        var microBatch = options.MicroBatches is { IsNumbered: true, First: var number, Count: var microBatches } ? ((uint)number, (uint)microBatches) : Batch.Whole;
        return options.Prefetch
            ? new PrefetchingReader(producer, () => new Batch(source.Columns, capacity) { MicroBatch = microBatch })
            : new DirectReader(producer, new Batch(source.Columns, capacity) { MicroBatch = microBatch });
    }
}

/// <summary>Fills each batch when it is requested, on the requesting thread.</summary>
internal sealed class DirectReader(BatchProducer producer, Batch batch) : BatchReader
{
    private CancellationToken cancellation;
    private long number;

    public override void Begin(DataPass pass, long first, CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        number = first;
        producer.Begin(pass, cancellation);
    }

    public override Batch? Next()
    {
        cancellation.ThrowIfCancellationRequested();
        return producer.Fill(number++, batch) ? batch : null;
    }

    public override void End() => producer.End();
}

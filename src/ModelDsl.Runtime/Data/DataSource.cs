using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>
/// Where batches come from: a <see cref="Dataset"/> with random access, or a <see cref="StreamingDataset"/> that is read front to back.
/// </summary>
public abstract class DataSource
{
    private readonly Lock gate = new();
    private ulong shuffledPasses;

    private protected DataSource()
    {
    }

    /// <summary>The numbers a sample consists of: the model's inputs first and then its targets.</summary>
    public abstract IReadOnlyList<ColumnDescription> Columns { get; }

    /// <summary>The number of samples in one pass, or null where only reading to the end would tell.</summary>
    internal abstract int? KnownCount { get; }

    /// <summary>
    /// Whether a batch is made by copying numbers that already lie in memory. Then a second thread costs more than it saves, and
    /// batches are made on the consuming thread unless asked otherwise.
    /// </summary>
    internal abstract bool OnlyCopies { get; }

    /// <summary>
    /// The samples in batches, for <c>foreach</c>. A batch is valid until the next one is asked for: its memory is used again.
    /// </summary>
    /// <param name="batchSize">Samples per batch, at least 1.</param>
    /// <param name="shuffle">Whether each pass visits the samples in an order of its own.</param>
    /// <param name="seed">
    /// Decides the orders: pass k over the returned sequence has the same order in every run. When null, each shuffled pass over this data
    /// gets the next order of one fixed series, so that a loop over epochs which calls this method again does not repeat itself.
    /// </param>
    /// <param name="dropLast">Whether to leave out the last batch when fewer samples than <paramref name="batchSize"/> are left for it.</param>
    /// <param name="prefetch">
    /// Whether a background thread prepares the next batches while the current one is worked on; null does so where preparing them is more
    /// than a copy. What the batches hold and their order do not depend on it.
    /// </param>
    /// <param name="cancellation">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is less than 1.</exception>
    public BatchSequence Batches(
        int batchSize, bool shuffle = false, int? seed = null, bool dropLast = false, bool? prefetch = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return new BatchSequence(this, new BatchOptions(batchSize, shuffle, (uint?)seed, dropLast, prefetch ?? !OnlyCopies), cancellation);
    }

    /// <summary>The number of the next shuffled pass over this data for which nobody gave a seed.</summary>
    internal ulong NextShuffledPass()
    {
        lock (gate)
            return shuffledPasses++;
    }

    /// <summary>Makes what fills the batches of one enumeration at a time.</summary>
    internal abstract BatchProducer CreateProducer(BatchOptions options);
}

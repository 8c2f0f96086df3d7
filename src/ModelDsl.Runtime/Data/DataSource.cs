using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>
/// A source of batches: a <see cref="Dataset"/> with random access, or a <see cref="StreamingDataset"/>, which is read in order.
/// </summary>
public abstract class DataSource
{
    private readonly Lock gate = new();
    private ulong shuffledPasses;

    private protected DataSource()
    {
    }

    /// <summary>The columns of a sample: the model's inputs, followed by its targets.</summary>
    public abstract IReadOnlyList<ColumnDescription> Columns { get; }

    /// <summary>The number of samples in one pass, or null if it is unknown because the data is a stream.</summary>
    internal abstract int? KnownCount { get; }

    /// <summary>
    /// Whether preparing a batch only copies numbers in memory. Then a second thread costs more time than it saves, and
    /// batches are prepared on the consuming thread unless a background thread is requested.
    /// </summary>
    internal abstract bool OnlyCopies { get; }

    /// <summary>
    /// Returns the samples in batches, for <c>foreach</c>. A batch is valid until the next iteration, which reuses its memory.
    /// </summary>
    /// <param name="batchSize">The number of samples per batch, at least 1.</param>
    /// <param name="shuffle">Whether each pass uses a different random order of the samples.</param>
    /// <param name="seed">
    /// The seed of the orders: pass k over the returned sequence has the same order in every run. If null, each shuffled pass over this data
    /// has the next order of a fixed series, so that a loop over epochs that calls this method again does not repeat an order.
    /// </param>
    /// <param name="dropLast">Whether to omit the last batch if it has fewer than <paramref name="batchSize"/> samples.</param>
    /// <param name="prefetch">
    /// Whether a background thread prepares the next batches while the current one is used; null uses one if preparing batches is more
    /// than a copy. The contents and the order of the batches do not depend on it.
    /// </param>
    /// <param name="grouping">
    /// How samples of similar length are combined; null for not at all. Without <paramref name="shuffle"/>, all samples are sorted by length. The first pass reads all samples to find their lengths.
    /// </param>
    /// <param name="cancellation">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">
    /// There is a <paramref name="grouping"/>, and the data is a stream, whose samples are not known in advance, or has no column of token ids at its index.
    /// </exception>
    public BatchSequence Batches(
        int batchSize,
        bool shuffle = false,
        int? seed = null,
        bool dropLast = false,
        bool? prefetch = null,
        LengthGrouping? grouping = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        foreach (var padding in grouping?.Paddings ?? [])
        {
            if (KnownCount is null)
                throw new ArgumentException("A stream cannot be grouped by length, because its samples are not known in advance: read it into a Dataset, or leave the grouping out.", nameof(grouping));
            if (padding.Input >= Columns.Count || Columns[padding.Input].Type != ColumnType.Int)
                throw new ArgumentException($"The grouping reads token ids from column {padding.Input}, but the data has {ColumnCheck.Describe(Columns)}.", nameof(grouping));
        }

        return new BatchSequence(this, new BatchOptions(batchSize, shuffle, (uint?)seed, dropLast, prefetch ?? !OnlyCopies) { Grouping = grouping }, cancellation);
    }

    /// <summary>Returns micro-batches of batches: the batches of a rank in a group.</summary>
    internal BatchSequence MicroBatches(int batchSize, bool shuffle, int? seed, MicroBatchSelection microBatches, bool? prefetch, LengthGrouping? grouping, CancellationToken cancellation)
    {
        var whole = Batches(batchSize, shuffle, seed, prefetch: prefetch, grouping: grouping, cancellation: cancellation);
        return new BatchSequence(this, whole.Options with { MicroBatches = microBatches }, cancellation);
    }

    /// <summary>Returns the number of the next shuffled pass over this data without a seed.</summary>
    internal ulong NextShuffledPass()
    {
        lock (gate)
            return shuffledPasses++;
    }

    /// <summary>The number of the next shuffled pass over this data without a seed.</summary>
    internal ulong ShuffledPasses
    {
        get
        {
            lock (gate)
                return shuffledPasses;
        }

        set
        {
            lock (gate)
                shuffledPasses = value;
        }
    }

    /// <summary>Creates the producer that fills the batches of one enumeration.</summary>
    internal abstract BatchProducer CreateProducer(BatchOptions options);
}

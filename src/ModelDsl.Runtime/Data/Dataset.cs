using System.Globalization;
using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>
/// Samples with random access. Create a dataset from arrays, files or objects with the <c>From…</c> methods, or derive from this class for data
/// that is computed when it is needed.
/// </summary>
/// <example>
/// <code>
/// var (train, validation) = Dataset.FromArrays(images, labels).Split(0.9, seed: 1);
/// foreach (Batch batch in train.Batches(32, shuffle: true)) { … }
/// </code>
/// </example>
public abstract partial class Dataset : DataSource
{
    /// <summary>The number of samples.</summary>
    public abstract int Count { get; }

    internal override int? KnownCount => Count;

    internal override bool OnlyCopies => false;

    /// <summary>
    /// How many threads may fill batches at the same time: 1 if the implementation of <see cref="FillRows(ReadOnlySpan{int}, Batch)"/> is outside this library and may not be thread-safe.
    /// </summary>
    internal virtual int FillThreads => 1;

    /// <summary>Fills a batch with samples: sets its count and writes all columns.</summary>
    /// <param name="indices">The indices of the samples, in their order in the batch; an index may occur several times.</param>
    /// <param name="batch">The batch, with the columns of this data and room for the samples.</param>
    /// <exception cref="ArgumentException">The batch has other columns or too little room.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is negative or not less than <see cref="Count"/>.</exception>
    public void Fill(ReadOnlySpan<int> indices, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (indices.Length > batch.Capacity)
            throw new ArgumentException($"The batch has room for {batch.Capacity} samples; {indices.Length} were asked for.", nameof(batch));
        ColumnCheck.Same(Columns, batch.Columns, nameof(batch));
        var count = Count;
        foreach (var index in indices)
        {
            if ((uint)index >= (uint)count)
                throw new ArgumentOutOfRangeException(nameof(indices), index, $"The data has {count} samples.");
        }

        batch.Count = indices.Length;
        FillRows(indices, batch);
    }

    /// <summary>Returns the samples from <paramref name="start"/> on, without copying them.</summary>
    /// <param name="start">The index of the first sample.</param>
    /// <param name="count">The number of samples.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the data.</exception>
    public Dataset Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
        return new SliceDataset(this, start, count);
    }

    /// <summary>Returns the first samples, or all if there are fewer.</summary>
    /// <param name="count">The maximum number of samples.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public Dataset Take(int count) => Slice(0, Math.Min(count, Count));

    /// <summary>Returns all samples except the first ones; none if there are fewer.</summary>
    /// <param name="count">The number of samples to skip.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public Dataset Skip(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var start = Math.Min(count, Count);
        return Slice(start, Count - start);
    }

    /// <summary>Returns the samples with the given indices, in that order, without copying them.</summary>
    /// <param name="indices">The indices; an index may occur several times.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is negative or not less than <see cref="Count"/>.</exception>
    public Dataset Select(IEnumerable<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        int[] chosen = [.. indices];
        foreach (var index in chosen)
        {
            if ((uint)index >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(indices), index, $"The data has {Count} samples.");
        }

        return new SelectedDataset(this, chosen);
    }

    /// <summary>
    /// Divides the samples at random, such as for training and validation. Windows over a text overlap; divide those in order with
    /// <see cref="SplitInOrder"/>.
    /// </summary>
    /// <param name="fraction">The fraction of the first part, between 0 and 1; the number of samples is rounded to the nearest integer.</param>
    /// <param name="seed">The seed of the division.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fraction"/> is not in [0, 1].</exception>
    public (Dataset First, Dataset Second) Split(double fraction, int seed = 0)
    {
        var first = CountOf(fraction);
        var order = new int[Count];
        Shuffling.Fill(order, (uint)seed, pass: 0);
        return (new SelectedDataset(this, order[..first]), new SelectedDataset(this, order[first..]));
    }

    /// <summary>Divides the samples in their order: the first part has the first samples.</summary>
    /// <param name="fraction">The fraction of the first part, between 0 and 1; the number of samples is rounded to the nearest integer.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fraction"/> is not in [0, 1].</exception>
    public (Dataset First, Dataset Second) SplitInOrder(double fraction)
    {
        var first = CountOf(fraction);
        return (Take(first), Skip(first));
    }

    /// <summary>Returns the number of samples and the columns: <c>60,000 samples of 'input' (float × 784), 'label' (int)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count:N0} samples of {ColumnCheck.Describe(Columns)}");

    /// <summary>Writes samples into all columns of a batch. Its count and columns are already valid.</summary>
    /// <param name="indices">Valid indices, one per sample of the batch.</param>
    /// <param name="batch">The batch to write to.</param>
    /// <remarks>
    /// May run on a background thread, and on several threads at the same time if the data is enumerated several times at the same time. Random numbers should depend
    /// only on the index and on <see cref="Batch.Pass"/>.
    /// </remarks>
    protected abstract void FillRows(ReadOnlySpan<int> indices, Batch batch);

    internal override BatchProducer CreateProducer(BatchOptions options) => new DatasetProducer(this, options);

    private protected static void FillRows(Dataset inner, ReadOnlySpan<int> indices, Batch batch) => inner.FillRows(indices, batch);

    private int CountOf(double fraction)
    {
        if (!(fraction is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The fraction must lie between 0 and 1.");
        return (int)Math.Round(fraction * Count, MidpointRounding.AwayFromZero);
    }
}

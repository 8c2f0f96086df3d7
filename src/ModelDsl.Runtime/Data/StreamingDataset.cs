using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>Samples that are read in order and not kept, such as from a database, a network, or files larger than memory.</summary>
/// <example>
/// <code>
/// var train = StreamingDataset.From(cancellation => ReadRowsAsync(path, cancellation), layout, shuffleBuffer: 10_000);
/// </code>
/// </example>
public sealed class StreamingDataset : DataSource
{
    private readonly Func<BatchOptions, BatchProducer> createProducer;

    private StreamingDataset(IReadOnlyList<ColumnDescription> columns, Func<BatchOptions, BatchProducer> createProducer)
    {
        Columns = columns;
        this.createProducer = createProducer;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnDescription> Columns { get; }

    internal override int? KnownCount => null;

    internal override bool OnlyCopies => false;

    /// <summary>Reads samples from an asynchronous stream.</summary>
    /// <typeparam name="T">The type of the objects in the stream. Each object must own its data, because it may stay in the shuffle buffer.</typeparam>
    /// <param name="open">Opens the stream from its beginning; called once per pass. The token is set if the pass ends early.</param>
    /// <param name="layout">How an object is read.</param>
    /// <param name="shuffleBuffer">
    /// When batches are shuffled, each sample is drawn from a buffer of this many samples; a larger buffer gives a better shuffle.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shuffleBuffer"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">The layout has no columns.</exception>
    public static StreamingDataset From<T>(Func<CancellationToken, IAsyncEnumerable<T>> open, SampleLayout<T> layout, int shuffleBuffer = 1024)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(shuffleBuffer, 1);
        var frozen = layout.Freeze();
        return new StreamingDataset(frozen.Columns, options => new StreamProducer<T>(open, frozen, options, shuffleBuffer));
    }

    /// <summary>Reads samples from an asynchronous stream that can be enumerated several times.</summary>
    /// <typeparam name="T">The type of the objects in the stream. Each object must own its data, because it may stay in the shuffle buffer.</typeparam>
    /// <param name="samples">The stream, which is enumerated once per pass.</param>
    /// <param name="layout">How an object is read.</param>
    /// <param name="shuffleBuffer">When batches are shuffled, each sample is drawn from a buffer of this many samples; a larger buffer gives a better shuffle.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shuffleBuffer"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">The layout has no columns.</exception>
    public static StreamingDataset From<T>(IAsyncEnumerable<T> samples, SampleLayout<T> layout, int shuffleBuffer = 1024)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return From(_ => samples, layout, shuffleBuffer);
    }

    internal override BatchProducer CreateProducer(BatchOptions options) => createProducer(options);
}

using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>Samples that arrive one after the other and are not kept: from a database, a network, files larger than memory.</summary>
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
    /// <typeparam name="T">The type of the objects in the stream; each one must own its data, for it may wait in the shuffle buffer.</typeparam>
    /// <param name="open">Opens the stream from its beginning; called once per pass. The token is set when the pass is left early.</param>
    /// <param name="layout">How to read one object.</param>
    /// <param name="shuffleBuffer">
    /// When batches are shuffled, each sample is drawn from so many that have been read ahead: the larger, the closer to a real shuffle.
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
    /// <typeparam name="T">The type of the objects in the stream; each one must own its data, for it may wait in the shuffle buffer.</typeparam>
    /// <param name="samples">The stream; enumerated once per pass.</param>
    /// <param name="layout">How to read one object.</param>
    /// <param name="shuffleBuffer">See the other overload.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shuffleBuffer"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">The layout has no columns.</exception>
    public static StreamingDataset From<T>(IAsyncEnumerable<T> samples, SampleLayout<T> layout, int shuffleBuffer = 1024)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return From(_ => samples, layout, shuffleBuffer);
    }

    internal override BatchProducer CreateProducer(BatchOptions options) => createProducer(options);
}

namespace ModelDsl;

/// <summary>How samples are combined into batches.</summary>
/// <param name="Size">The number of samples per batch.</param>
/// <param name="Shuffle">Whether each pass has a different random order.</param>
/// <param name="Seed">The seed of the orders, or null for the series that the data source counts.</param>
/// <param name="DropLast">Whether an incomplete last batch is omitted.</param>
/// <param name="Prefetch">Whether a background thread fills the batches.</param>
internal sealed record BatchOptions(int Size, bool Shuffle, ulong? Seed, bool DropLast, bool Prefetch)
{
    /// <summary>Whether and how samples of similar length are combined; null if they are not.</summary>
    public LengthGrouping? Grouping { get; init; }

    /// <summary>Which micro-batches of each batch are made, as batches of their own; null for whole batches.</summary>
    public MicroBatchSelection? MicroBatches { get; init; }

    /// <summary>The maximum number of samples of what is made.</summary>
    public int Largest => MicroBatches?.Largest(Size) ?? Size;
}

namespace ModelDsl;

/// <summary>How samples are put together into batches.</summary>
/// <param name="Size">Samples per batch.</param>
/// <param name="Shuffle">Whether each pass has an order of its own.</param>
/// <param name="Seed">Decides the orders, or null for the series the data itself counts.</param>
/// <param name="DropLast">Whether an incomplete last batch is left out.</param>
/// <param name="Prefetch">Whether a background thread fills the batches.</param>
internal sealed record BatchOptions(int Size, bool Shuffle, ulong? Seed, bool DropLast, bool Prefetch);

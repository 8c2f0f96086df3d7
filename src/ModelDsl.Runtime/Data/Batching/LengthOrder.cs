namespace ModelDsl;

/// <summary>Orders the samples of a dataset so that those of a batch have similar lengths.</summary>
/// <param name="dataset">The dataset.</param>
/// <param name="options">The options of its batches, with a grouping.</param>
internal sealed class LengthOrder(Dataset dataset, BatchOptions options)
{
    /// <summary>The number of samples that are read at a time to find their lengths.</summary>
    private const int Chunk = 256;

    /// <summary>The seed of the order of batches differs from that of samples by this number.</summary>
    private const ulong OfBatches = 0x6C656E677468;

    private int[]? lengths;

    /// <summary>Changes the order of a pass.</summary>
    /// <param name="order">The indices of all samples in the order of the pass.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="cancellation">Checked while lengths are determined, in the first pass.</param>
    public void Group(int[] order, DataPass pass, CancellationToken cancellation)
    {
        lengths ??= Lengths(cancellation);

        // The samples of an incomplete last batch are not sorted: it would always have the longest.
        var batches = order.Length / options.Size;
        var window = options.Shuffle ? (int)Math.Min((long)options.Grouping!.Window * options.Size, order.Length) : order.Length;
        var keys = new long[order.Length];
        for (var i = 0; i < order.Length; i++)
            keys[i] = ((long)lengths[order[i]] << 32) | (uint)i;
        for (var from = 0; from < batches * options.Size; from += window)
        {
            // Equal lengths keep their order.
            var count = Math.Min(window, (batches * options.Size) - from);
            Array.Sort(keys, order, from, count);
        }

        if (options.Shuffle)
            ShuffleBatches(order, batches, pass);
    }

    private void ShuffleBatches(int[] order, int batches, DataPass pass)
    {
        var (positions, sorted) = (new int[batches], order.AsSpan(0, batches * options.Size).ToArray());
        Shuffling.Fill(positions, pass.Seed ^ OfBatches, pass.Number);
        for (var batch = 0; batch < batches; batch++)
            sorted.AsSpan(positions[batch] * options.Size, options.Size).CopyTo(order.AsSpan(batch * options.Size));
    }

    private int[] Lengths(CancellationToken cancellation)
    {
        var found = new int[dataset.Count];
        var batch = new Batch(dataset.Columns, Math.Min(Chunk, Math.Max(1, dataset.Count)));
        var indices = new int[batch.Capacity];
        for (var from = 0; from < found.Length; from += batch.Capacity)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(batch.Capacity, found.Length - from);
            for (var i = 0; i < count; i++)
                indices[i] = from + i;
            dataset.Fill(indices.AsSpan(0, count), batch);
            foreach (var padding in options.Grouping!.Paddings)
            {
                var width = batch.Columns[padding.Input].Length;
                for (var i = 0; i < count; i++)
                {
                    var tokens = batch.Ints(padding.Input).Slice(i * width, width);
                    found[from + i] = Math.Max(found[from + i], tokens.LastIndexOfAnyExcept(padding.Token) + 1);
                }
            }
        }

        return found;
    }
}

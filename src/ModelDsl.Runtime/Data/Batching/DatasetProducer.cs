namespace ModelDsl;

/// <summary>Fills batches from a dataset with random access, in its own order or in a shuffled one.</summary>
internal sealed class DatasetProducer : BatchProducer
{
    private readonly Dataset dataset;
    private readonly BatchOptions options;
    private readonly int[] order;
    private int position;

    public DatasetProducer(Dataset dataset, BatchOptions options)
    {
        this.dataset = dataset;
        this.options = options;
        // Unshuffled indices are counted up batch by batch: an order over all samples would be memory for nothing.
        order = new int[options.Shuffle ? dataset.Count : Math.Min(options.Size, dataset.Count)];
    }

    public override void Begin(ulong seed, ulong pass, CancellationToken cancellation)
    {
        position = 0;
        if (options.Shuffle)
            Shuffling.Fill(order, seed, pass);
    }

    public override bool Fill(Batch batch)
    {
        var count = Math.Min(options.Size, dataset.Count - position);
        if (count <= 0 || (options.DropLast && count < options.Size))
            return false;

        Span<int> indices;
        if (options.Shuffle)
        {
            indices = order.AsSpan(position, count);
        }
        else
        {
            indices = order.AsSpan(0, count);
            for (var i = 0; i < count; i++)
                indices[i] = position + i;
        }

        dataset.Fill(indices, batch);
        position += count;
        return true;
    }
}

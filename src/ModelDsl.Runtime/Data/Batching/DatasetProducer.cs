using System.Buffers;

namespace ModelDsl;

/// <summary>Fills batches from a dataset with random access, in order or shuffled.</summary>
internal sealed class DatasetProducer : BatchProducer
{
    private readonly Dataset dataset;
    private readonly BatchOptions options;
    private readonly int[]? order;
    private DataPass pass;

    public DatasetProducer(Dataset dataset, BatchOptions options)
    {
        this.dataset = dataset;
        this.options = options;
        // Without shuffling, the indices of each batch are consecutive, so an array for all samples would waste memory.
        order = options.Shuffle ? new int[dataset.Count] : null;
    }

    public override int Threads => dataset.FillThreads;

    public override void Begin(DataPass pass, CancellationToken cancellation)
    {
        this.pass = pass;
        if (order is not null)
            Shuffling.Fill(order, pass.Seed, pass.Number);
    }

    public override bool Fill(long number, Batch batch)
    {
        var position = number * options.Size;
        var count = (int)Math.Min(options.Size, dataset.Count - position);
        if (count <= 0 || (options.DropLast && count < options.Size))
            return false;

        batch.Pass = pass;
        if (order is not null)
        {
            dataset.Fill(order.AsSpan((int)position, count), batch);
            return true;
        }

        // Rented for each call, because several threads may fill batches at the same time.
        var indices = ArrayPool<int>.Shared.Rent(count);
        for (var i = 0; i < count; i++)
            indices[i] = (int)position + i;
        dataset.Fill(indices.AsSpan(0, count), batch);
        ArrayPool<int>.Shared.Return(indices);
        return true;
    }
}

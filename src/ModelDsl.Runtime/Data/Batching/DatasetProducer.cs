using System.Buffers;

namespace ModelDsl;

/// <summary>Fills batches from a dataset with random access, in order or shuffled.</summary>
internal sealed class DatasetProducer : BatchProducer
{
    private readonly Dataset dataset;
    private readonly BatchOptions options;
    private readonly int[]? order;
    private readonly LengthOrder? lengths;
    private DataPass pass;

    public DatasetProducer(Dataset dataset, BatchOptions options)
    {
        this.dataset = dataset;
        this.options = options;
        // Without shuffling, the indices of each batch are consecutive, so an array for all samples would waste memory.
        order = options.Shuffle || options.Grouping is not null ? new int[dataset.Count] : null;
        lengths = options.Grouping is null ? null : new LengthOrder(dataset, options);
    }

    public override int Threads => dataset.FillThreads;

    public override void Begin(DataPass pass, CancellationToken cancellation)
    {
        this.pass = pass;
        if (order is null)
            return;
        if (options.Shuffle)
            Shuffling.Fill(order, pass.Seed, pass.Number);
        else
            FillInOrder(order, 0);
        lengths?.Group(order, pass, cancellation);
    }

    public override bool Fill(long number, Batch batch)
    {
        if (Range(number) is not var (position, count))
            return false;

        batch.Pass = pass;
        if (count == 0)
        {
            batch.Count = 0;
            return true;
        }

        if (order is not null)
        {
            dataset.Fill(order.AsSpan((int)position, count), batch);
            return true;
        }

        // Rented for each call, because several threads may fill batches at the same time.
        var indices = ArrayPool<int>.Shared.Rent(count);
        FillInOrder(indices.AsSpan(0, count), (int)position);
        dataset.Fill(indices.AsSpan(0, count), batch);
        ArrayPool<int>.Shared.Return(indices);
        return true;
    }

    /// <summary>Returns the positions of the samples of a batch, or of a micro-batch of one; null if the pass has fewer.</summary>
    private (long Position, int Count)? Range(long number)
    {
        var microBatches = options.MicroBatches;
        var whole = microBatches is null ? number : number / microBatches.Own;
        var position = whole * options.Size;
        var count = (int)Math.Min(options.Size, dataset.Count - position);
        if (count <= 0 || (options.DropLast && count < options.Size))
            return null;
        if (microBatches is null)
            return (position, count);
        if (microBatches.IsLeftOut(whole, count))
            return null;
        var microBatch = microBatches.Range(microBatches.First + (int)(number % microBatches.Own), count);
        return (position + microBatch.Start, microBatch.Count);
    }

    private static void FillInOrder(Span<int> indices, int first)
    {
        for (var i = 0; i < indices.Length; i++)
            indices[i] = first + i;
    }
}

using System.Collections.Concurrent;
using ModelDsl.Compiled;

namespace ModelDsl.Images;

/// <summary>Data whose images are changed at random, differently in each pass.</summary>
internal sealed class AugmentedDataset : Dataset
{
    private readonly Dataset inner;
    private readonly Augmentation[] augmentations;
    private readonly int seed;
    private readonly ImageEdge edge;
    private readonly ImageSize size;
    private readonly int channels;

    // A batch of unchanged samples for each thread that fills batches.
    private readonly ConcurrentBag<Scratch> idle = [];

    public AugmentedDataset(Dataset inner, Augmentation[] augmentations, int seed, ImageEdge edge)
    {
        var input = inner.Columns[0];
        if (input.Type != ColumnType.Float || input.Shape is not ([_, _] or [_, _, _]))
        {
            throw new ArgumentException(
                $"Augmentation needs pictures, floats of the shape [height, width] or [height, width, channels]; '{input.Name}' has the shape "
                + $"[{string.Join(", ", input.Shape)}]{(input.Type == ColumnType.Float ? "" : " and holds integers")}. Give the shape when the data is made, as with "
                + "DataColumn.Bytes(name, values, scale, 32, 32, 3).");
        }

        (this.inner, this.augmentations, this.seed, this.edge) = (inner, augmentations, seed, edge);
        (size, channels) = (new ImageSize(input.Shape[1], input.Shape[0]), input.Shape.Length == 3 ? input.Shape[2] : 1);
        var after = size;
        foreach (var augmentation in augmentations)
            after = augmentation.SizeAfter(after);
        int[] shape = input.Shape.Length == 3 ? [after.Height, after.Width, channels] : [after.Height, after.Width];
        Columns = [new ColumnDescription(input.Name, input.Type, shape), .. inner.Columns.Skip(1)];
    }

    public override int Count => inner.Count;

    public override IReadOnlyList<ColumnDescription> Columns { get; }

    // Any number of threads may read data in memory. For other data, its own limit applies.
    internal override int FillThreads => inner.OnlyCopies ? ImageThreads.Default : inner.FillThreads;

    protected override void FillRows(ReadOnlySpan<int> indices, Batch batch)
    {
        if (!idle.TryTake(out var scratch) || scratch.Batch.Capacity < indices.Length)
            scratch = new Scratch(new Batch(inner.Columns, batch.Capacity), new AugmentationPlan());
        var plain = scratch.Batch;
        plain.Count = indices.Length;
        plain.Pass = batch.Pass;
        FillRows(inner, indices, plain);
        CopyOtherColumns(plain, batch);

        var from = plain.Floats(0);
        var to = batch.Floats(0);
        var (fromLength, toLength) = (plain.Columns[0].Length, Columns[0].Length);
        for (var i = 0; i < indices.Length; i++)
        {
            var random = new AugmentationRandom(seed, batch.Pass, indices[i]);
            scratch.Plan.Begin(size);
            foreach (var augmentation in augmentations)
                augmentation.Draw(scratch.Plan, ref random);
            AugmentationPainter.Paint(
                scratch.Plan, from.Slice(i * fromLength, fromLength), size, channels, edge, to.Slice(i * toLength, toLength));
        }

        idle.Add(scratch);
    }

    private static void CopyOtherColumns(Batch from, Batch to)
    {
        for (var column = 1; column < from.Columns.Count; column++)
        {
            if (from.Columns[column].Type == ColumnType.Float)
                from.Floats(column).CopyTo(to.Floats(column));
            else
                from.Ints(column).CopyTo(to.Ints(column));
        }
    }

    private sealed record Scratch(Batch Batch, AugmentationPlan Plan);
}

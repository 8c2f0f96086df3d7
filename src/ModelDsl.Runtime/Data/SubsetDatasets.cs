using System.Buffers;
using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>A contiguous range of the samples of another dataset.</summary>
internal sealed class SliceDataset(Dataset inner, int start, int count) : Dataset
{
    public override int Count => count;

    public override IReadOnlyList<ColumnDescription> Columns => inner.Columns;

    internal override bool OnlyCopies => inner.OnlyCopies;

    internal override int FillThreads => inner.FillThreads;

    protected override void FillRows(ReadOnlySpan<int> indices, Batch batch)
    {
        // Rented for each call, because several enumerations may fill batches at the same time.
        var moved = ArrayPool<int>.Shared.Rent(indices.Length);
        for (var i = 0; i < indices.Length; i++)
            moved[i] = indices[i] + start;
        FillRows(inner, moved.AsSpan(0, indices.Length), batch);
        ArrayPool<int>.Shared.Return(moved);
    }
}

/// <summary>Selected samples of another dataset.</summary>
internal sealed class SelectedDataset(Dataset inner, int[] chosen) : Dataset
{
    public override int Count => chosen.Length;

    public override IReadOnlyList<ColumnDescription> Columns => inner.Columns;

    internal override bool OnlyCopies => inner.OnlyCopies;

    internal override int FillThreads => inner.FillThreads;

    protected override void FillRows(ReadOnlySpan<int> indices, Batch batch)
    {
        var moved = ArrayPool<int>.Shared.Rent(indices.Length);
        for (var i = 0; i < indices.Length; i++)
            moved[i] = chosen[indices[i]];
        FillRows(inner, moved.AsSpan(0, indices.Length), batch);
        ArrayPool<int>.Shared.Return(moved);
    }
}

using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>The samples of another dataset with their weights as the last column.</summary>
internal sealed class WeightedDataset(Dataset inner, DataColumn weights) : Dataset
{
    public override int Count => inner.Count;

    public override IReadOnlyList<ColumnDescription> Columns { get; } = [.. inner.Columns, weights.Description];

    internal override bool OnlyCopies => inner.OnlyCopies;

    internal override int FillThreads => inner.FillThreads;

    protected override void FillRows(ReadOnlySpan<int> indices, Batch batch)
    {
        FillRows(inner, indices, batch);
        weights.Fill(indices, batch, inner.Columns.Count);
    }
}

using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>Data that is stored by column, in memory or as windows of a file.</summary>
internal sealed class ColumnarDataset : Dataset
{
    private readonly DataColumn[] columns;

    public ColumnarDataset(DataColumn[] columns)
    {
        if (columns.Length == 0)
            throw new ArgumentException("Data needs at least one column.", nameof(columns));
        foreach (var column in columns)
        {
            if (column.Count != columns[0].Count)
            {
                throw new ArgumentException(
                    $"Column '{columns[0].Description.Name}' has {columns[0].Count} samples, but '{column.Description.Name}' has {column.Count}.",
                    nameof(columns));
            }
        }

        this.columns = columns;
        Columns = [.. columns.Select(column => column.Description)];
    }

    public override int Count => columns[0].Count;

    public override IReadOnlyList<ColumnDescription> Columns { get; }

    internal override bool OnlyCopies => Array.TrueForAll(columns, column => column.OnlyCopies);

    protected override void FillRows(ReadOnlySpan<int> indices, Batch batch)
    {
        for (var i = 0; i < columns.Length; i++)
            columns[i].Fill(indices, batch, i);
    }
}

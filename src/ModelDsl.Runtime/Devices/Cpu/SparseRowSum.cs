namespace ModelDsl.Devices.Cpu;

/// <summary>The rows of a table that any of several backward passes has written.</summary>
/// <param name="rows">The rows of the last backward pass.</param>
/// <param name="count">The number of rows of the table.</param>
internal sealed class SparseRowSum(SparseRows rows, int count)
{
    private readonly int[] included = new int[count];
    private readonly bool[] isIncluded = new bool[count];
    private int includedCount;

    /// <summary>The rows of the last backward pass; after <see cref="WriteRows"/>, those of all.</summary>
    public SparseRows Rows => rows;

    /// <summary>Includes the rows of the last backward pass, and clears the sums of those that are new.</summary>
    /// <param name="sums">The sums of the gradients.</param>
    /// <param name="origin">The index of the gradient whose sum is the first.</param>
    /// <param name="isFirst">Whether the sums begin with this backward pass.</param>
    public void Include(CpuBuffer sums, int origin, bool isFirst)
    {
        if (isFirst)
            Clear();
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows.RowOf(i);
            if (isIncluded[row])
                continue;
            isIncluded[row] = true;
            included[includedCount++] = row;
            sums.Span.Slice(rows.StartOf(i) - origin, rows.Length).Clear();
        }
    }

    /// <summary>Makes the rows of all backward passes those that an optimizer updates, and that the next backward pass clears.</summary>
    public void WriteRows()
    {
        rows.Set(included.AsSpan(0, includedCount));
        Clear();
    }

    private void Clear()
    {
        foreach (var row in included.AsSpan(0, includedCount))
            isIncluded[row] = false;
        includedCount = 0;
    }
}

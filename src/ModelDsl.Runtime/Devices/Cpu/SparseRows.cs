using ModelDsl.Compiled;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// The rows of a table that the last backward pass has written. Gradients of all others are 0: the next backward pass clears the rows of the one before.
/// </summary>
internal sealed unsafe class SparseRows
{
    private readonly int column;
    private readonly int offset;
    private readonly int[] rows;
    private readonly bool[] isNamed;
    private int count;

    /// <summary>Creates the list.</summary>
    /// <param name="parameter">The table, [rows, values], in row-major order.</param>
    public SparseRows(ParameterDescription parameter)
    {
        (column, offset, Length) = (parameter.SparseIds, parameter.Offset, parameter.Shape[1]);
        rows = new int[parameter.Shape[0]];
        isNamed = new bool[parameter.Shape[0]];
    }

    /// <summary>The number of values of a row.</summary>
    public int Length { get; }

    /// <summary>The number of different rows.</summary>
    public int Count => count;

    /// <summary>The index of the first value of a row in the flat buffers.</summary>
    /// <param name="index">The index in the list.</param>
    public int StartOf(int index) => offset + (rows[index] * Length);

    /// <summary>The number of a row in the table.</summary>
    /// <param name="index">The index in the list.</param>
    public int RowOf(int index) => rows[index];

    /// <summary>Replaces the list. The gradients of rows that it does not contain must be 0.</summary>
    /// <param name="named">Different rows.</param>
    public void Set(ReadOnlySpan<int> named)
    {
        foreach (var row in rows.AsSpan(0, count))
            isNamed[row] = false;
        named.CopyTo(rows);
        count = named.Length;
        foreach (var row in named)
            isNamed[row] = true;
    }

    /// <summary>Clears the gradients of the rows, and lists those that a batch names.</summary>
    /// <param name="batch">The batch of the next backward pass.</param>
    /// <param name="gradients">The gradients.</param>
    public void Begin(Batch batch, CpuBuffer gradients)
    {
        for (var i = 0; i < count; i++)
        {
            new Span<float>(gradients.Pointer + StartOf(i), Length).Clear();
            isNamed[rows[i]] = false;
        }

        count = 0;
        foreach (var id in batch.Ints(column))
        {
            if (isNamed[id])
                continue;
            isNamed[id] = true;
            rows[count++] = id;
        }
    }
}

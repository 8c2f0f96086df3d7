using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Compiled;

namespace ModelDsl.Ilgpu;

/// <summary>
/// The columns of a batch in the device's memory, each with page-locked memory of the host beside it, from which the device reads by itself while
/// it computes.
/// </summary>
/// <param name="accelerator">The device.</param>
/// <param name="columns">The columns, inputs first and then targets.</param>
internal sealed class ColumnBuffers(Accelerator accelerator, ColumnDescription[] columns) : IDisposable
{
    private readonly Column<float>?[] floats = new Column<float>?[columns.Length];
    private readonly Column<int>?[] ints = new Column<int>?[columns.Length];
    private int capacity;

    /// <summary>A column of floats.</summary>
    /// <param name="column">Its index.</param>
    public ArrayView<float> Floats(int column) => floats[column]!.Memory.View.BaseView;

    /// <summary>A column of integers.</summary>
    /// <param name="column">Its index.</param>
    public ArrayView<int> Ints(int column) => ints[column]!.Memory.View.BaseView;

    /// <summary>Makes room.</summary>
    /// <param name="samples">Number of samples.</param>
    public void EnsureCapacity(int samples)
    {
        if (samples <= capacity)
            return;
        Dispose();
        for (var i = 0; i < columns.Length; i++)
        {
            var length = (long)columns[i].Length * samples;
            if (columns[i].Type == ColumnType.Float)
                floats[i] = new Column<float>(accelerator, length);
            else
                ints[i] = new Column<int>(accelerator, length);
        }

        capacity = samples;
    }

    /// <summary>Begins to copy a batch to the device, as many columns as it has: predictions come without targets. The batch itself is read at once.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="stream">The stream that copies.</param>
    public void Upload(Batch batch, AcceleratorStream stream)
    {
        for (var i = 0; i < Math.Min(columns.Length, batch.Columns.Count); i++)
        {
            if (columns[i].Type == ColumnType.Float)
                floats[i]!.Upload(batch.Floats(i), stream);
            else
                ints[i]!.Upload(batch.Ints(i), stream);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (var i = 0; i < columns.Length; i++)
        {
            floats[i]?.Dispose();
            ints[i]?.Dispose();
        }

        capacity = 0;
    }

    /// <summary>One column.</summary>
    private sealed class Column<T>(Accelerator accelerator, long length) : IDisposable
        where T : unmanaged
    {
        private readonly PageLockedArray1D<T> host = accelerator.AllocatePageLocked1D<T>(length);

        public MemoryBuffer1D<T, Stride1D.Dense> Memory { get; } = accelerator.Allocate1D<T>(length);

        public void Upload(ReadOnlySpan<T> values, AcceleratorStream stream)
        {
            if (values.IsEmpty)
                return;
            values.CopyTo(host.Span);
            Memory.View.BaseView.SubView(0, values.Length).CopyFrom(stream, host.ArrayView.SubView(0, values.Length));
        }

        public void Dispose()
        {
            Memory.Dispose();
            host.Dispose();
        }
    }
}

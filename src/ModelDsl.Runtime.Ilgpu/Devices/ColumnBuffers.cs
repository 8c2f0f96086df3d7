using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Compiled;

namespace ModelDsl.Ilgpu;

/// <summary>
/// The columns of a batch in the memory of the device. Each column also has page-locked memory of the host, from which the device reads while
/// it computes.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="columns">The columns, inputs first and then targets.</param>
internal sealed class ColumnBuffers(IlgpuDevice device, ColumnDescription[] columns) : IDisposable
{
    private readonly Column<float>?[] floats = new Column<float>?[columns.Length];
    private readonly Column<int>?[] ints = new Column<int>?[columns.Length];
    private int capacity;

    /// <summary>Returns a column of floats.</summary>
    /// <param name="column">The index of the column.</param>
    public ArrayView<float> Floats(int column) => floats[column]!.Memory.View;

    /// <summary>Returns a column of integers.</summary>
    /// <param name="column">The index of the column.</param>
    public ArrayView<int> Ints(int column) => ints[column]!.Memory.View;

    /// <summary>Makes room for a number of samples.</summary>
    /// <param name="samples">The number of samples.</param>
    public void EnsureCapacity(int samples)
    {
        if (samples <= capacity)
            return;
        Dispose();
        for (var i = 0; i < columns.Length; i++)
        {
            var length = (long)columns[i].Length * samples;
            if (columns[i].Type == ColumnType.Float)
                floats[i] = new Column<float>(device, length);
            else
                ints[i] = new Column<int>(device, length);
        }

        capacity = samples;
    }

    /// <summary>Starts to copy the columns of a batch to the device; batches of predictions have no targets. The batch can be changed when the method returns.</summary>
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
    private sealed class Column<T>(IlgpuDevice device, long length) : IDisposable
        where T : unmanaged
    {
        private readonly PageLockedArray1D<T> host = device.Accelerator.AllocatePageLocked1D<T>(length);

        public DeviceAllocation<T> Memory { get; } = new(device, length);

        public void Upload(ReadOnlySpan<T> values, AcceleratorStream stream)
        {
            if (values.IsEmpty)
                return;
            values.CopyTo(host.Span);
            Memory.View.SubView(0, values.Length).CopyFrom(stream, host.ArrayView.SubView(0, values.Length));
        }

        public void Dispose()
        {
            Memory.Dispose();
            device.Free(host);
        }
    }
}

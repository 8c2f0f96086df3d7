using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Compiled;

namespace ModelDsl.Ilgpu;

/// <summary>The columns of a batch in the device's memory.</summary>
/// <param name="accelerator">The device.</param>
/// <param name="columns">The columns, inputs first and then targets.</param>
internal sealed class ColumnBuffers(Accelerator accelerator, ColumnDescription[] columns) : IDisposable
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense>?[] floats = new MemoryBuffer1D<float, Stride1D.Dense>?[columns.Length];
    private readonly MemoryBuffer1D<int, Stride1D.Dense>?[] ints = new MemoryBuffer1D<int, Stride1D.Dense>?[columns.Length];
    private int capacity;

    /// <summary>A column of floats.</summary>
    /// <param name="column">Its place.</param>
    public ArrayView<float> Floats(int column) => floats[column]!.View.BaseView;

    /// <summary>A column of integers.</summary>
    /// <param name="column">Its place.</param>
    public ArrayView<int> Ints(int column) => ints[column]!.View.BaseView;

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
                floats[i] = accelerator.Allocate1D<float>(length);
            else
                ints[i] = accelerator.Allocate1D<int>(length);
        }

        capacity = samples;
    }

    /// <summary>Copies a batch to the device, as many columns as it has: predictions come without targets.</summary>
    /// <param name="batch">The batch.</param>
    public void Upload(Batch batch)
    {
        for (var i = 0; i < Math.Min(columns.Length, batch.Columns.Count); i++)
        {
            if (columns[i].Type == ColumnType.Float)
            {
                var values = batch.Floats(i);
                Floats(i).SubView(0, values.Length).CopyFromCPU(ref MemoryMarshal.GetReference(values), values.Length);
            }
            else
            {
                var values = batch.Ints(i);
                Ints(i).SubView(0, values.Length).CopyFromCPU(ref MemoryMarshal.GetReference(values), values.Length);
            }
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
}

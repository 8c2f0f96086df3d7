using ILGPU.Runtime;
using ModelDsl.Compiled;

namespace ModelDsl.Ilgpu;

/// <summary>
/// Copies the batches of training steps to the device while the previous step runs, with two alternating sets of columns and a separate stream. A
/// set is filled again only after the step that read it has ended, and a step begins only after its set is full. The host waits in both cases, so nothing depends on
/// how a driver orders streams.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="columns">The columns, inputs first and then targets.</param>
internal sealed class BatchUpload(IlgpuDevice device, ColumnDescription[] columns) : IDisposable
{
    /// <summary>The number of sets of columns: one is read while the other is filled.</summary>
    public const int Sets = 2;

    private readonly ColumnBuffers[] sets = [new(device, columns), new(device, columns)];
    private readonly ProfilingMarker?[] ends = new ProfilingMarker?[Sets];
    private readonly AcceleratorStream stream = device.Accelerator.CreateStream();
    private int current;

    /// <summary>The columns of the current step.</summary>
    public ColumnBuffers Current => sets[current];

    /// <summary>Makes room. No step may be running, because the old columns are lost: all memory of a step grows together.</summary>
    /// <param name="samples">The number of samples.</param>
    public void EnsureCapacity(int samples)
    {
        foreach (var set in sets)
            set.EnsureCapacity(samples);
    }

    /// <summary>Copies a batch to the device and makes its columns the current ones. The previous step may still be running.</summary>
    /// <param name="batch">The batch.</param>
    public void Next(Batch batch)
    {
        // The current set is free when all work that has been started so far has ended.
        ends[current]?.Dispose();
        ends[current] = device.Accelerator.DefaultStream.AddProfilingMarker();
        current = (current + 1) % Sets;
        ends[current]?.Synchronize();
        Current.Upload(batch, stream);
        stream.Synchronize();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var end in ends)
            device.Free(end);
        foreach (var set in sets)
            set.Dispose();
        device.Free(stream);
    }
}

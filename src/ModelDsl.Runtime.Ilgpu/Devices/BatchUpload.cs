using ILGPU.Runtime;
using ModelDsl.Compiled;

namespace ModelDsl.Ilgpu;

/// <summary>
/// Brings the batches of training steps to the device while the step before computes: two alternating sets of columns, and a stream of their own. A
/// set is filled again only when the step that read it is over; a step begins only when its set is full. Both waits are the host's, so nothing depends on
/// how a driver orders streams.
/// </summary>
/// <param name="accelerator">The device.</param>
/// <param name="columns">The columns, inputs first and then targets.</param>
internal sealed class BatchUpload(Accelerator accelerator, ColumnDescription[] columns) : IDisposable
{
    /// <summary>Sets of columns: one is read, the other filled.</summary>
    public const int Sets = 2;

    private readonly ColumnBuffers[] sets = [new(accelerator, columns), new(accelerator, columns)];
    private readonly ProfilingMarker?[] ends = new ProfilingMarker?[Sets];
    private readonly AcceleratorStream stream = accelerator.CreateStream();
    private int current;

    /// <summary>The columns of the current step.</summary>
    public ColumnBuffers Current => sets[current];

    /// <summary>Makes room. No step is under way whose columns would be lost: all memory of a step grows together.</summary>
    /// <param name="samples">Number of samples.</param>
    public void EnsureCapacity(int samples)
    {
        foreach (var set in sets)
            set.EnsureCapacity(samples);
    }

    /// <summary>Brings a batch up and makes its columns the current ones. The step before may still be running.</summary>
    /// <param name="batch">The batch.</param>
    public void Next(Batch batch)
    {
        // From here on the set in use is done with what has been started so far.
        ends[current]?.Dispose();
        ends[current] = accelerator.DefaultStream.AddProfilingMarker();
        current = (current + 1) % Sets;
        ends[current]?.Synchronize();
        Current.Upload(batch, stream);
        stream.Synchronize();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var end in ends)
            end?.Dispose();
        foreach (var set in sets)
            set.Dispose();
        stream.Dispose();
    }
}

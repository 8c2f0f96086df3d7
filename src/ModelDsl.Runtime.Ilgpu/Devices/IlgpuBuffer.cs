using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Devices;

namespace ModelDsl.Ilgpu;

/// <summary>A flat buffer of floats in the memory of the device.</summary>
internal sealed class IlgpuBuffer : DeviceBuffer, IDisposable
{
    private readonly IlgpuDevice device;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> memory;

    /// <summary>Allocates a buffer of zeros.</summary>
    /// <param name="device">The device.</param>
    /// <param name="length">The number of floats.</param>
    /// <param name="what">What the buffer holds, for the error message if there is not enough memory.</param>
    /// <param name="advice">Additional advice for the error message.</param>
    public IlgpuBuffer(IlgpuDevice device, long length, string what, Func<long, string>? advice = null)
    {
        this.device = device;
        Length = checked((int)Math.Min(length, int.MaxValue));
        lock (device.Gate)
        {
            device.Accelerator.Bind();
            memory = Allocate(device, Math.Max(1, length), what, advice);
            memory.MemSetToZero();
        }
    }

    /// <inheritdoc/>
    public override int Length { get; }

    /// <summary>All floats.</summary>
    public ArrayView<float> View => memory.View.BaseView;

    /// <inheritdoc/>
    public override void Read(int start, Span<float> destination)
    {
        if (destination.IsEmpty)
            return;
        lock (device.Gate)
        {
            device.Accelerator.Bind();
            View.SubView(start, destination.Length).CopyToCPU(destination);
        }
    }

    /// <inheritdoc/>
    public override void Write(int start, ReadOnlySpan<float> source)
    {
        if (source.IsEmpty)
            return;
        lock (device.Gate)
        {
            device.Accelerator.Bind();
            View.SubView(start, source.Length).CopyFromCPU(source);
        }
    }

    /// <inheritdoc/>
    public override void Fill(float value)
    {
        var values = new float[Length];
        Array.Fill(values, value);
        Write(0, values);
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();

    private static MemoryBuffer1D<float, Stride1D.Dense> Allocate(IlgpuDevice device, long length, string what, Func<long, string>? advice)
    {
        DeviceMemory.Check(device, length * sizeof(float), what, advice);
        try
        {
            return device.Accelerator.Allocate1D<float>(length);
        }
        catch (AcceleratorException)
        {
            // The driver reserves some memory; the error is the same as for memory that does not exist.
            throw DeviceMemory.Missing(device, length * sizeof(float), what, advice);
        }
    }
}

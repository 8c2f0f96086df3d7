using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Devices;

namespace ModelDsl.Ilgpu;

/// <summary>A flat buffer of floats in the memory of the device.</summary>
internal sealed class IlgpuBuffer : DeviceBuffer, IDisposable
{
    private readonly IlgpuDevice device;
    private readonly DeviceAllocation<float> memory;

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
            memory.View.MemSetToZero();
        }
    }

    /// <inheritdoc/>
    public override int Length { get; }

    /// <summary>All floats.</summary>
    public ArrayView<float> View => memory.View;

    /// <inheritdoc/>
    public override void Read(int start, Span<float> destination)
    {
        if (destination.IsEmpty)
            return;
        device.Use("values were copied from it", new Download(View.SubView(start, destination.Length), destination), static copy => copy.View.CopyToCPU(copy.Destination));
    }

    /// <inheritdoc/>
    public override void Write(int start, ReadOnlySpan<float> source)
    {
        if (source.IsEmpty)
            return;
        device.Use("values were copied to it", new Upload(View.SubView(start, source.Length), source), static copy => copy.View.CopyFromCPU(copy.Source));
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

    private static DeviceAllocation<float> Allocate(IlgpuDevice device, long length, string what, Func<long, string>? advice)
    {
        DeviceMemory.Check(device, length * sizeof(float), what, advice);
        try
        {
            return new DeviceAllocation<float>(device, length);
        }
        catch (AcceleratorException exception) when (DeviceLoss.ErrorOf(exception) is null)
        {
            // The driver reserves some memory; the error is the same as for memory that does not exist.
            throw DeviceMemory.Missing(device, length * sizeof(float), what, advice);
        }
    }

    /// <summary>A copy to the device.</summary>
    private readonly ref struct Upload(ArrayView<float> view, ReadOnlySpan<float> source)
    {
        public ArrayView<float> View { get; } = view;

        public ReadOnlySpan<float> Source { get; } = source;
    }

    /// <summary>A copy from the device.</summary>
    private readonly ref struct Download(ArrayView<float> view, Span<float> destination)
    {
        public ArrayView<float> View { get; } = view;

        public Span<float> Destination { get; } = destination;
    }
}

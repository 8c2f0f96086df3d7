using ModelDsl.Memory;

namespace ModelDsl.Devices.Cpu;

/// <summary>A flat buffer in main memory.</summary>
/// <param name="length">The number of floats.</param>
/// <param name="what">What the buffer holds, for the error message if it would be too long.</param>
internal sealed class CpuBuffer(long length, string what) : DeviceBuffer
{
    private readonly PinnedBuffer<float> memory = new(length, what);

    /// <inheritdoc/>
    public override int Length => memory.Length;

    /// <summary>The address of the first float, valid while the buffer is reachable.</summary>
    public unsafe float* Pointer => memory.Pointer;

    /// <summary>All floats.</summary>
    public Span<float> Span => memory.Span;

    /// <inheritdoc/>
    public override void Read(int start, Span<float> destination) => memory.Span.Slice(start, destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    public override void Write(int start, ReadOnlySpan<float> source) => source.CopyTo(memory.Span.Slice(start, source.Length));

    /// <inheritdoc/>
    public override void Fill(float value) => memory.Span.Fill(value);
}

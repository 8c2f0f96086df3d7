using ModelDsl.Devices;

namespace ModelDsl.Distributed;

/// <summary>Floats in main memory.</summary>
/// <param name="length">The number of floats.</param>
internal sealed class HostBuffer(int length) : DeviceBuffer
{
    private readonly float[] values = new float[length];

    /// <inheritdoc/>
    public override int Length => values.Length;

    /// <summary>All floats.</summary>
    public Span<float> Span => values;

    /// <inheritdoc/>
    public override void Read(int start, Span<float> destination) => values.AsSpan(start, destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    public override void Write(int start, ReadOnlySpan<float> source) => source.CopyTo(values.AsSpan(start, source.Length));

    /// <inheritdoc/>
    public override void Fill(float value) => Array.Fill(values, value);
}

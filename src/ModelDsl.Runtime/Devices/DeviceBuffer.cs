namespace ModelDsl.Devices;

/// <summary>A flat buffer of floats in the memory of a device.</summary>
public abstract class DeviceBuffer
{
    /// <summary>The number of floats.</summary>
    public abstract int Length { get; }

    /// <summary>Copies floats from the device.</summary>
    /// <param name="start">The index of the first float to copy.</param>
    /// <param name="destination">The destination; its length is the number of floats to copy.</param>
    public abstract void Read(int start, Span<float> destination);

    /// <summary>Copies floats to the device.</summary>
    /// <param name="start">The index of the first float to overwrite.</param>
    /// <param name="source">The values.</param>
    public abstract void Write(int start, ReadOnlySpan<float> source);

    /// <summary>Sets every float to a value.</summary>
    /// <param name="value">The value.</param>
    public abstract void Fill(float value);
}

namespace ModelDsl.Devices;

/// <summary>A flat buffer of floats in a device's memory.</summary>
public abstract class DeviceBuffer
{
    /// <summary>Number of floats.</summary>
    public abstract int Length { get; }

    /// <summary>Copies from the device.</summary>
    /// <param name="start">The first float to copy.</param>
    /// <param name="destination">Where to; its length says how many.</param>
    public abstract void Read(int start, Span<float> destination);

    /// <summary>Copies to the device.</summary>
    /// <param name="start">The first float to overwrite.</param>
    /// <param name="source">The values.</param>
    public abstract void Write(int start, ReadOnlySpan<float> source);

    /// <summary>Sets every float.</summary>
    /// <param name="value">The value.</param>
    public abstract void Fill(float value);
}

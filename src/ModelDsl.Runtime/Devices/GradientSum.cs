namespace ModelDsl.Devices;

/// <summary>A weighted sum of the gradients of several backward passes, in memory beside the gradient buffer.</summary>
public abstract class GradientSum : IDisposable
{
    /// <summary>Adds the gradients of the last backward pass, multiplied by a weight.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="isFirst">Whether these gradients replace the sum.</param>
    public abstract void Add(float weight, bool isFirst);

    /// <summary>Replaces the gradients by the sum, divided by a number.</summary>
    /// <param name="divisor">The number.</param>
    public abstract void WriteMean(float divisor);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory of the sum.</summary>
    /// <param name="disposing">False when called by a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A sum in main memory, for devices that have no sum of their own: the gradients are copied from the device and back.</summary>
/// <param name="gradients">The gradients.</param>
/// <param name="start">The index of the first gradient.</param>
/// <param name="length">The number of gradients.</param>
internal sealed class HostGradientSum(DeviceBuffer gradients, int start, int length) : GradientSum
{
    private readonly float[] sum = new float[length];
    private readonly float[] values = new float[length];

    /// <inheritdoc/>
    public override void Add(float weight, bool isFirst)
    {
        gradients.Read(start, values);
        for (var i = 0; i < sum.Length; i++)
            sum[i] = isFirst ? weight * values[i] : sum[i] + (weight * values[i]);
    }

    /// <inheritdoc/>
    public override void WriteMean(float divisor)
    {
        for (var i = 0; i < sum.Length; i++)
            values[i] = sum[i] / divisor;
        gradients.Write(start, values);
    }
}

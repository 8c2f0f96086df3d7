using System.Buffers;

namespace ModelDsl.Images.Resizing;

/// <summary>For each coordinate along an axis of the new image: the coordinates of the old image that it is computed from, and their weights.</summary>
internal readonly struct ResampleAxis : IDisposable
{
    private readonly int[] starts;
    private readonly float[] weights;

    /// <param name="from">The start of the range of the old image that the new image shows.</param>
    /// <param name="length">The length of that range.</param>
    /// <param name="size">The number of pixels in the old image.</param>
    /// <param name="count">The number of pixels in the new image.</param>
    /// <param name="resampling">The method, which decides the weights.</param>
    public ResampleAxis(double from, double length, int size, int count, Resampling resampling)
    {
        var scale = length / count;
        // The radius of the filter around the center of a new pixel, in old pixels.
        var reach = resampling switch { Resampling.Antialiased => Math.Max(scale, 1), Resampling.Area => scale / 2, _ => 1 };
        Taps = (int)Math.Min(Math.Ceiling(2 * reach) + 1, size);
        starts = ArrayPool<int>.Shared.Rent(count);
        weights = ArrayPool<float>.Shared.Rent(count * Taps);
        for (var i = 0; i < count; i++)
        {
            var middle = from + ((i + 0.5) * scale);
            var first = Math.Clamp((int)Math.Floor(middle - reach), 0, size - Taps);
            starts[i] = first;
            Weigh(weights.AsSpan(i * Taps, Taps), first, middle, reach, resampling, size);
        }
    }

    /// <summary>The number of old coordinates per new one; some may have the weight zero.</summary>
    public int Taps { get; }

    /// <summary>Returns the first old coordinate.</summary>
    public int Start(int index) => starts[index];

    /// <summary>Returns the weights of the old coordinates from the first one on; their sum is one.</summary>
    public ReadOnlySpan<float> Weights(int index) => weights.AsSpan(index * Taps, Taps);

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(starts);
        ArrayPool<float>.Shared.Return(weights);
    }

    private static void Weigh(Span<float> weights, int first, double middle, double reach, Resampling resampling, int size)
    {
        // Outside the image its last pixel continues.
        if (resampling == Resampling.Bilinear)
            middle = Math.Clamp(middle, 0.5, size - 0.5);
        var sum = 0.0;
        for (var k = 0; k < weights.Length; k++)
            sum += Weight(first + k, middle, reach, resampling);
        for (var k = 0; k < weights.Length; k++)
            weights[k] = (float)(Weight(first + k, middle, reach, resampling) / sum);
    }

    private static double Weight(int place, double middle, double reach, Resampling resampling) => resampling == Resampling.Area
        ? Math.Max(0, Math.Min(place + 1, middle + reach) - Math.Max(place, middle - reach))
        : Math.Max(0, 1 - (Math.Abs(place + 0.5 - middle) / reach));
}

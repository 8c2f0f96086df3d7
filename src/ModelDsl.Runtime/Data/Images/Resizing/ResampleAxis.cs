using System.Buffers;

namespace ModelDsl.Images.Resizing;

/// <summary>For each place along an axis of the new picture: which places of the old one it is made of, and their weights.</summary>
internal readonly struct ResampleAxis : IDisposable
{
    private readonly int[] starts;
    private readonly float[] weights;

    /// <param name="from">Where the part of the old picture begins that the new one shows.</param>
    /// <param name="length">How long that part is.</param>
    /// <param name="size">Pixels in the old picture.</param>
    /// <param name="count">Pixels in the new picture.</param>
    /// <param name="resampling">How weights are given.</param>
    public ResampleAxis(double from, double length, int size, int count, Resampling resampling)
    {
        var scale = length / count;
        // How far from its middle a new place looks, in old places.
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

    /// <summary>Old places per new one; some may have no weight.</summary>
    public int Taps { get; }

    /// <summary>The first old place.</summary>
    public int Start(int index) => starts[index];

    /// <summary>The weights of old places from the first one on; they add up to one.</summary>
    public ReadOnlySpan<float> Weights(int index) => weights.AsSpan(index * Taps, Taps);

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(starts);
        ArrayPool<float>.Shared.Return(weights);
    }

    private static void Weigh(Span<float> weights, int first, double middle, double reach, Resampling resampling, int size)
    {
        // Beyond the edge the picture goes on as it ends.
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

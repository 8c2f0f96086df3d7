namespace ModelDsl.Training.TensorBoard;

/// <summary>A histogram of values in buckets of equal width, in memory that is reused.</summary>
internal sealed class HistogramBuckets
{
    private const int Most = 64;

    private readonly double[] limits = new double[Most];
    private readonly double[] counts = new double[Most];
    private int used;

    public double Minimum { get; private set; }

    public double Maximum { get; private set; }

    public long Count { get; private set; }

    public double Sum { get; private set; }

    public double SumOfSquares { get; private set; }

    /// <summary>The upper limit of each bucket; the last one is the maximum.</summary>
    public ReadOnlySpan<double> Limits => limits.AsSpan(0, used);

    /// <summary>The number of values in each bucket.</summary>
    public ReadOnlySpan<double> Counts => counts.AsSpan(0, used);

    /// <summary>Counts values. Those that are infinite or NaN are left out.</summary>
    /// <returns>Whether there is a finite value.</returns>
    public bool Fill(ReadOnlySpan<float> values)
    {
        (Minimum, Maximum, Count, Sum, SumOfSquares) = (double.PositiveInfinity, double.NegativeInfinity, 0, 0, 0);
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                continue;
            Minimum = Math.Min(Minimum, value);
            Maximum = Math.Max(Maximum, value);
            Count++;
            Sum += value;
            SumOfSquares += (double)value * value;
        }

        if (Count == 0)
            return false;
        used = Maximum > Minimum ? Most : 1;
        var width = (Maximum - Minimum) / used;
        for (var i = 0; i < used; i++)
            (limits[i], counts[i]) = (i == used - 1 ? Maximum : Minimum + ((i + 1) * width), 0);
        foreach (var value in values)
        {
            if (float.IsFinite(value))
                counts[used == 1 ? 0 : Math.Min(used - 1, (int)((value - Minimum) / width))]++;
        }

        return true;
    }
}

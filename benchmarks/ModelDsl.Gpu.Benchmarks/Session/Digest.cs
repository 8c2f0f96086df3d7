namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>What is stored of a tensor instead of its elements: two numbers on which each of them has an influence.</summary>
/// <param name="Norm">The square root of the sum of squares.</param>
/// <param name="Projection">The sum of all elements with pseudorandom signs. Elements that change places change it.</param>
internal sealed record Digest(double Norm, double Projection)
{
    /// <summary>Computes the digest of a tensor.</summary>
    public static Digest Of(ReadOnlySpan<float> values)
    {
        var (squares, projection, state) = (0.0, 0.0, 1u);
        foreach (var value in values)
        {
            squares += value * (double)value;

            // A linear congruential generator, whose highest bit is the sign (Knuth, The Art of Computer Programming, volume 2).
            state = (state * 1_664_525) + 1_013_904_223;
            projection += state >> 31 == 0 ? value : -value;
        }

        return new(Math.Sqrt(squares), projection);
    }
}

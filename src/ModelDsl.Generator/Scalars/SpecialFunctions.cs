namespace ModelDsl.Generator.Scalars;

/// <summary>Functions that the platform does not have, in double precision, for constants that are folded at build time.</summary>
internal static class SpecialFunctions
{
    /// <summary>The error function, by its power series near 0 and otherwise by the continued fraction of its complement. The error is about 1e-15.</summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        var size = Math.Abs(x);
        var value = size < 2.5 ? Series(size) : size < 6.5 ? 1 - Complement(size) : 1;
        return x < 0 ? -value : value;
    }

    // erf x = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!: all terms are positive, so nothing cancels.
    private static double Series(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; term > sum * 1e-17; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    // erfc x = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + …)))), evaluated from the innermost fraction.
    private static double Complement(double x)
    {
        var tail = x;
        for (var k = 120; k >= 1; k--) tail = x + (k / 2.0 / tail);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / tail;
    }
}

using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Tables of cosines and sines of angles, with a row for each position.</summary>
internal static class RotaryTables
{
    /// <summary>The largest error of tables that the layer computes itself: that of 32-bit floats at thousands of positions.</summary>
    private const double Tolerance = 1e-5;

    private const double UsualBase = 10_000;

    /// <summary>Returns the base of the angles t · base^(−2i/d), if the tables have those of the positions 0, 1, 2, …; null if they have others.</summary>
    /// <param name="cosines">The cosines, [T, d/2], which may have more axes of size 1 before.</param>
    /// <param name="sines">The sines.</param>
    public static double? BaseOf(Constant cosines, Constant sines)
    {
        var (half, length) = (cosines.Shape[^1], cosines.Shape[^2]);
        if (cosines.Count != half * length || sines.Count != cosines.Count || cosines.Count > Sizes.MostComputed) return null;
        var (x, y) = (cosines.All(), sines.All());

        // The last angle of the second position has the smallest error.
        var guess = length > 1 && half > 1 ? Math.Pow(Math.Atan2(y[half + half - 1], x[half + half - 1]), -(double)half / (half - 1)) : UsualBase;
        return double.IsFinite(guess) && Rounded(guess) is > 1 and var @base && AreOf(@base) ? @base : null;

        bool AreOf(double candidate)
        {
            for (var t = 0; t < length; t++)
            {
                for (var i = 0; i < half; i++)
                {
                    var (angle, at) = (t * Math.Pow(candidate, -(double)i / half), (t * half) + i);
                    if (!(Math.Abs(x[at] - Math.Cos(angle)) <= Tolerance && Math.Abs(y[at] - Math.Sin(angle)) <= Tolerance)) return false;
                }
            }

            return true;
        }
    }

    /// <summary>Returns a number with six digits, because the tables do not have more.</summary>
    private static double Rounded(double number)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(number)) - 5);
        return unit >= 1 ? Math.Round(number / unit) * unit : Math.Round(number / unit) / Math.Round(1 / unit);
    }
}

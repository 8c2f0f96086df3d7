namespace ModelDsl.Generator.Loops;

/// <summary>Powers of two, by which a division is a shift.</summary>
internal static class PowersOfTwo
{
    /// <summary>The exponent of a power of two; null for other numbers.</summary>
    public static int? Exponent(int number)
    {
        for (var exponent = 0; exponent < 31; exponent++)
        {
            if (number == 1 << exponent) return exponent;
        }

        return null;
    }
}

namespace ModelDsl;

/// <summary>Order of values. NaN is less than all other values.</summary>
internal static class Rank
{
    /// <summary>Returns the index of the greatest value, the first one if several are equal.</summary>
    public static int ArgMax(ReadOnlySpan<float> values)
    {
        var (best, index) = (float.NegativeInfinity, 0);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > best)
                (best, index) = (values[i], i);
        }

        return index;
    }

    /// <summary>Whether a value is among the <paramref name="k"/> greatest; of equal values, the earlier ones come first.</summary>
    public static bool IsAmongTop(ReadOnlySpan<float> values, int index, int k)
    {
        var (value, ahead) = (values[index], 0);
        if (float.IsNaN(value))
            return false;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > value || (values[i] == value && i < index))
                ahead++;
        }

        return ahead < k;
    }
}

namespace ModelDsl;

/// <summary>Which value is greatest. NaN is less than everything.</summary>
internal static class Rank
{
    /// <summary>The index of the greatest value, the first one of equals.</summary>
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

    /// <summary>Whether a value is among the <paramref name="k"/> greatest, earlier ones first among equals.</summary>
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

namespace ModelDsl;

/// <summary>Which value is greatest. NaN is less than everything.</summary>
internal static class Rank
{
    /// <summary>The place of the greatest value, the first one of equals.</summary>
    public static int ArgMax(ReadOnlySpan<float> values)
    {
        var (best, place) = (float.NegativeInfinity, 0);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > best)
                (best, place) = (values[i], i);
        }

        return place;
    }

    /// <summary>Whether a value is among the <paramref name="k"/> greatest, earlier ones first among equals.</summary>
    public static bool IsAmongTop(ReadOnlySpan<float> values, int place, int k)
    {
        var (value, ahead) = (values[place], 0);
        if (float.IsNaN(value))
            return false;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > value || (values[i] == value && i < place))
                ahead++;
        }

        return ahead < k;
    }
}

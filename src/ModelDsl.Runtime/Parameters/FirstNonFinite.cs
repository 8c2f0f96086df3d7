namespace ModelDsl.Parameters;

/// <summary>Finds values that are infinite or NaN.</summary>
internal static class FirstNonFinite
{
    /// <summary>Returns the index of the first such value, or −1.</summary>
    /// <param name="values">The values.</param>
    public static int In(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return i;
        }

        return -1;
    }
}

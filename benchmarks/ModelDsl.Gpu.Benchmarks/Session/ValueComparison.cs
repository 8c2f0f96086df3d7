namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>The result of a comparison with stored values.</summary>
/// <param name="Values">The number of values.</param>
/// <param name="Difference">The largest difference, as a part of the size of its value; infinite if values are missing or not numbers.</param>
/// <param name="Where">The name of the value with the largest difference.</param>
internal sealed record ValueComparison(int Values, double Difference, string Where)
{
    /// <summary>
    /// Values that are smaller than this part of the largest of their kind are compared as if they were as large. Some gradients are zero except for rounding, such as those of biases before a batch
    /// normalization.
    /// </summary>
    private const double Smallest = 1e-3;

    /// <summary>Compares.</summary>
    /// <param name="expected">The stored values by their names. The first word of a name is its kind.</param>
    /// <param name="actual">The computed values.</param>
    public static ValueComparison Of(IReadOnlyDictionary<string, Digest> expected, IReadOnlyDictionary<string, Digest> actual)
    {
        if (expected.Keys.Concat(actual.Keys).FirstOrDefault(name => !expected.ContainsKey(name) || !actual.ContainsKey(name)) is { } alone)
            return new(expected.Count, double.PositiveInfinity, $"{alone} (it is not on both sides: write the stored values again)");
        var largest = expected.GroupBy(static pair => Kind(pair.Key)).ToDictionary(static group => group.Key, static group => group.Max(static pair => pair.Value.Norm));
        var worst = new ValueComparison(expected.Count, 0, "");
        foreach (var (name, value) in expected)
        {
            var scale = Math.Max(value.Norm, Smallest * largest[Kind(name)]);
            var difference = Math.Max(Math.Abs(value.Norm - actual[name].Norm), Math.Abs(value.Projection - actual[name].Projection));
            var part = difference == 0 ? 0 : difference / scale;
            if (!double.IsFinite(part))
                return worst with { Difference = double.PositiveInfinity, Where = name };
            if (part > worst.Difference)
                worst = worst with { Difference = part, Where = name };
        }

        return worst;
    }

    private static string Kind(string name) => name.Split(' ')[0];
}

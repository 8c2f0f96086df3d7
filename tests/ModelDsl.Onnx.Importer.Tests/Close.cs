namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Compares results.</summary>
internal static class Close
{
    private const float Tolerance = 1e-4f;

    /// <summary>The tolerances of the standard's own tests of implementations.</summary>
    private const double StandardRelative = 1e-3, StandardAbsolute = 1e-7;

    /// <summary>Fails if a number differs by more than rounding.</summary>
    public static void Assert(IReadOnlyList<float> expected, IReadOnlyList<float> actual)
    {
        if (Difference(expected, actual) is { } message) Xunit.Assert.Fail(message);
    }

    /// <summary>Returns what differs; null if nothing does. Errors are relative to the largest number.</summary>
    public static string? Difference(IReadOnlyList<float> expected, IReadOnlyList<float> actual)
    {
        if (expected.Count != actual.Count) return $"there are {actual.Count} values instead of {expected.Count}";
        var scale = Math.Max(1, expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
        for (var i = 0; i < expected.Count; i++)
        {
            if (!expected[i].Equals(actual[i]) && expected[i] != actual[i] && !(Math.Abs(expected[i] - actual[i]) <= Tolerance * scale)) return $"element {i} of {expected.Count} is {actual[i]:R}, not {expected[i]:R}";
        }

        return null;
    }

    /// <summary>Whether each number is as close as the standard's own tests of implementations demand: |actual − expected| ≤ 10⁻⁷ + 10⁻³ · |expected|.</summary>
    public static bool IsWithinStandard(IReadOnlyList<float> expected, IReadOnlyList<float> actual) => expected.Count == actual.Count
        && Enumerable.Range(0, expected.Count).All(i => expected[i].Equals(actual[i]) || Math.Abs((double)actual[i] - expected[i]) <= StandardAbsolute + (StandardRelative * Math.Abs((double)expected[i])));
}

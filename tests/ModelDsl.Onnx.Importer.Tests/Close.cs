namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Compares results.</summary>
internal static class Close
{
    private const float Tolerance = 1e-4f;

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
}

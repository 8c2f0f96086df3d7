namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>Equality up to float32 rounding.</summary>
internal static class Near
{
    /// <summary>Both sides sum in another order: the error grows with the size of the terms, which the largest value stands for.</summary>
    public static void Equal(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what, double tolerance = 2e-5)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = 1e-3;
        foreach (var value in expected)
            scale = Math.Max(scale, Math.Abs(value));
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs((double)expected[i] - actual[i]);
            Assert.True(difference <= tolerance * scale, $"{what}[{i}]: {expected[i]} on the CPU, {actual[i]} on the device.");
        }
    }
}

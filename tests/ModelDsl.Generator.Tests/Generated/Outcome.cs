namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Everything a model computes from a sample, by name: outputs, losses, gradients.</summary>
internal sealed class Outcome
{
    public Dictionary<string, float[]> Values { get; } = [];

    /// <summary>Fails when any bit differs.</summary>
    public void AssertSameBits(Outcome other, string what)
    {
        Assert.Equal(Values.Keys.Order(), other.Values.Keys.Order());
        foreach (var (name, values) in Values) AssertSameBits(values, other.Values[name], $"{what}: {name}");
    }

    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])) continue;
            Assert.Fail($"{what}[{i}] of {expected.Length} is {actual[i]:R} and not {expected[i]:R}");
        }
    }
}

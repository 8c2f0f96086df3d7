using ModelDsl.Compiled;
using ModelDsl.Initialization;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Initialization;

public class InitializerTests
{
    [Fact]
    public void The_seed_and_the_name_decide()
    {
        using var one = new LinearModel(seed: 7);
        using var same = new LinearModel(seed: 7, new CpuDevice { VectorBits = 128, Threads = 1 });
        using var other = new LinearModel(seed: 8);
        Assert.Equal(one.Parameters["dense1.weight"].ToArray(), same.Parameters["dense1.weight"].ToArray());
        Assert.NotEqual(one.Parameters["dense1.weight"].ToArray(), other.Parameters["dense1.weight"].ToArray());
        Assert.NotEqual(Draw(InitializerDistribution.Uniform, 0, 1, "a"), Draw(InitializerDistribution.Uniform, 0, 1, "b"));
        Assert.Equal([0.5f, 0.5f], one.Parameters["dense1.bias"].ToArray());
    }

    [Fact]
    public void Layout_decides_the_offset_only()
    {
        // LinearModel's weight is in a padded panel; its logical elements are those of a plain draw.
        using var model = new LinearModel(seed: 7);
        var expected = new float[6];
        Initializer.Fill(expected, "dense1.weight", new InitializerDescription(InitializerDistribution.Uniform, 0, 1), 7);
        Assert.Equal(expected, model.Parameters["dense1.weight"].ToArray());
    }

    [Fact]
    public void Uniform_numbers_fill_their_interval()
    {
        var values = Draw(InitializerDistribution.Uniform, 2, 3);
        Assert.All(values, v => Assert.InRange(v, -1f, 5f));
        Assert.InRange(values.Min(), -1f, -0.999f);
        Assert.InRange(values.Max(), 4.999f, 5f);
        Moments(values, mean: 2, deviation: 3 / Math.Sqrt(3));
    }

    [Fact]
    public void Normal_numbers_have_their_moments()
    {
        var values = Draw(InitializerDistribution.Normal, 1, 2);
        Moments(values, mean: 1, deviation: 2);
        Assert.InRange(values.Count(v => Math.Abs(v - 1) > 4) / (double)values.Length, 0.043, 0.048);
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Truncated_normal_numbers_stay_within_two_deviations()
    {
        var values = Draw(InitializerDistribution.TruncatedNormal, 1, 2);
        Assert.All(values, v => Assert.InRange(v, -3f, 5f));
        Moments(values, mean: 1, deviation: 2 * 0.8796);
    }

    private static float[] Draw(InitializerDistribution distribution, double center, double scale, string name = "dense1.weight")
    {
        var values = new float[100_001];
        Initializer.Fill(values, name, new InitializerDescription(distribution, center, scale), seed: 1);
        return values;
    }

    private static void Moments(float[] values, double mean, double deviation)
    {
        var actual = values.Average(v => (double)v);
        Assert.InRange(actual, mean - 0.02, mean + 0.02);
        Assert.InRange(Math.Sqrt(values.Average(v => (v - actual) * (v - actual))), deviation * 0.99, deviation * 1.01);
    }
}

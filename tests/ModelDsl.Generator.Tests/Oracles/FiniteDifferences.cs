using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Gradients from the forward graph alone: the slope between two points close to each other, in float64.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-5;

    /// <summary>The gradient of a scalar by every element of <paramref name="by"/>, whose values are in the given store.</summary>
    public static double[] Gradient(Node loss, double[] by, Func<GraphInterpreter> run)
    {
        var gradient = new double[by.Length];
        for (var i = 0; i < by.Length; i++)
        {
            var value = by[i];
            by[i] = value + Step;
            var above = run().Run(loss)[0];
            by[i] = value - Step;
            var below = run().Run(loss)[0];
            by[i] = value;
            gradient[i] = (above - below) / (2 * Step);
        }

        return gradient;
    }

    public static void AssertClose(double[] expected, double[] actual, string what, double tolerance = 1e-6)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var allowed = tolerance * (1 + Math.Abs(expected[i]));
            Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, $"{what}[{i}]: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }
}

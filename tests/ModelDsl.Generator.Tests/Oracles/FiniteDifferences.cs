using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Gradients from the forward graph alone: the slope between two points close to each other, in float64.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-5;

    /// <summary>The gradient of a scalar by every element of a parameter.</summary>
    public static double[] Gradient(Node loss, string parameter, GraphInterpreter run)
    {
        var by = run.Parameters[parameter];
        var gradient = new double[by.Length];
        for (var i = 0; i < by.Length; i++)
        {
            var value = by[i];
            gradient[i] = (LossAt(i, value + Step) - LossAt(i, value - Step)) / (2 * Step);
            by[i] = value;
        }

        return gradient;

        double LossAt(int element, double value)
        {
            by[element] = value;
            run.Forget(parameter);
            return run.Run(loss)[0];
        }
    }

    public static void AssertClose(double[] expected, double[] actual, string what, double tolerance = 1e-6)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var allowed = tolerance * (1 + Math.Abs(expected[i]));
            Require.That(Math.Abs(expected[i] - actual[i]) <= allowed, $"{what}[{i}]: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }
}

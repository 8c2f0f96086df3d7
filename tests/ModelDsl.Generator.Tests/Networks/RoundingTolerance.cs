using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Networks;

/// <summary>
/// How far float32 may be from float64. A tensor's elements may err by <paramref name="Relative"/> of its root mean square. tests/vectors/random_networks/training.py says
/// where that comes from, and only has networks that keep a quarter of it when PyTorch trains them in float32.
/// </summary>
/// <param name="Relative">The error of an element, as a share of the root mean square.</param>
/// <param name="Rounding">The rounding of a parameter in all steps, which store it once each, as a share of its magnitude.</param>
/// <param name="Least">
/// The root mean square that a tensor counts with at least, as a share of the largest one of its kind: where a sum cancels, such as the gradient of a bias before a batch
/// normalisation, the rounding of its terms is left.
/// </param>
internal sealed record RoundingTolerance(double Relative, double Rounding, double Least)
{
    /// <summary>Compares tensors of one kind with their summaries, and gives the greatest error as a share of what is allowed.</summary>
    /// <param name="kind">What the tensors are, for messages.</param>
    /// <param name="expected">The summaries.</param>
    /// <param name="actual">The tensors, and the greatest magnitude that rounded numbers had on the way to them; 0 where none were stored.</param>
    /// <param name="numbers">The numbers that summaries are made with.</param>
    public double Compare(string kind, Dictionary<string, double[]> expected, Dictionary<string, (double[] Values, double Stored)> actual, DrawnNumbers numbers)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        var (least, worst) = (Least * expected.Values.Select(summary => summary[0]).DefaultIfEmpty().Max(), 0.0);
        foreach (var (name, right) in expected)
        {
            var (values, stored) = actual[name];
            var allowed = (Relative * Math.Max(right[0], least)) + (Rounding * stored);
            var found = numbers.Summary(name, values);
            for (var i = 0; i < right.Length; i++)
            {
                // The second number sums all elements, whose errors are independent.
                var limit = i == 1 ? allowed * Math.Sqrt(values.Length) : allowed;
                var error = Math.Abs(found[i] - right[i]);
                Require.That(error <= limit, $"{kind} of {name}, number {i} of its summary: {found[i]:R}, but {right[i]:R} ± {limit:G2} is right");
                worst = Math.Max(worst, error / limit);
            }
        }

        return worst;
    }
}

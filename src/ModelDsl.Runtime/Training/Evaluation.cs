using System.Globalization;

namespace ModelDsl;

/// <summary>How good a model is on some data.</summary>
public sealed class Evaluation
{
    internal Evaluation(double loss, long samples, IReadOnlyList<MetricValue> metrics)
    {
        Loss = loss;
        Samples = samples;
        Metrics = metrics;
    }

    /// <summary>The mean loss per sample; NaN for a model without a loss.</summary>
    public double Loss { get; }

    /// <summary>The number of samples.</summary>
    public long Samples { get; }

    /// <summary>The metrics, in the order in which they were asked for.</summary>
    public IReadOnlyList<MetricValue> Metrics { get; }

    /// <summary>The value of a metric.</summary>
    /// <param name="metric">Its name.</param>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public double this[string metric] => MetricValues.Get(Metrics, metric);

    /// <summary>All values in a line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"loss {Loss:0.0000}")
        + string.Concat(Metrics.Select(metric => string.Create(CultureInfo.InvariantCulture, $", {metric.Name} {metric.Value:0.0000}")));
}

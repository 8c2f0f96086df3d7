using System.Globalization;

namespace ModelDsl;

/// <summary>The results of a model on data.</summary>
public sealed class Evaluation
{
    internal Evaluation(double loss, long samples, IReadOnlyList<MetricValue> metrics, IReadOnlyList<MetricValue> losses)
    {
        Loss = loss;
        Samples = samples;
        Metrics = metrics;
        Losses = losses;
    }

    /// <summary>The mean loss per sample; NaN for a model without a loss, or with several.</summary>
    public double Loss { get; }

    /// <summary>The means of several losses with their names, in the order of the model's declaration; empty for a single loss.</summary>
    public IReadOnlyList<MetricValue> Losses { get; }

    /// <summary>The number of samples.</summary>
    public long Samples { get; }

    /// <summary>The metrics, in the requested order.</summary>
    public IReadOnlyList<MetricValue> Metrics { get; }

    /// <summary>Gets the value of a metric, or of one of several losses.</summary>
    /// <param name="metric">The name of the metric or loss.</param>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public double this[string metric] => MetricValues.Get(Losses.Count == 0 ? Metrics : [.. Losses, .. Metrics], metric);

    /// <summary>Returns all values in one line.</summary>
    public override string ToString() =>
        string.Join(", ", (Losses.Count == 0 ? [new MetricValue("loss", Loss)] : Losses).Concat(Metrics)
            .Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Name} {value.Value:0.0000}")));
}

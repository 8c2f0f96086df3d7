using System.Globalization;

namespace ModelDsl;

/// <summary>How good a model is on some data.</summary>
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

    /// <summary>The mean of each of several losses under its name, in the order of the model's declaration; empty for a single one.</summary>
    public IReadOnlyList<MetricValue> Losses { get; }

    /// <summary>The number of samples.</summary>
    public long Samples { get; }

    /// <summary>The metrics, in the order in which they were asked for.</summary>
    public IReadOnlyList<MetricValue> Metrics { get; }

    /// <summary>The value of a metric, or of one of several losses.</summary>
    /// <param name="metric">Its name.</param>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public double this[string metric] => MetricValues.Get(Losses.Count == 0 ? Metrics : [.. Losses, .. Metrics], metric);

    /// <summary>All values in a line.</summary>
    public override string ToString() =>
        string.Join(", ", (Losses.Count == 0 ? [new MetricValue("loss", Loss)] : Losses).Concat(Metrics)
            .Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Name} {value.Value:0.0000}")));
}

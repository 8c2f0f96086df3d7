namespace ModelDsl;

/// <summary>What an epoch brought.</summary>
public sealed record EpochResult
{
    /// <summary>The number of the epoch, from 1 on.</summary>
    public required int Epoch { get; init; }

    /// <summary>The mean training loss per sample, over the epoch while the weights were changing.</summary>
    public required double Loss { get; init; }

    /// <summary>The metrics on the training batches, likewise.</summary>
    public required IReadOnlyList<MetricValue> Metrics { get; init; }

    /// <summary>The result on the validation data at the end of the epoch; null without any.</summary>
    public Evaluation? Validation { get; init; }

    /// <summary>The mean validation loss per sample, or null without validation data.</summary>
    public double? ValidationLoss => Validation?.Loss;

    /// <summary>The learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Seconds the epoch took, validation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training samples per second, validation not counted.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>
    /// The share of the steps' time, from 0 to 1, that the training thread waited for batches or made them itself: more than a few hundredths
    /// mean that the data is what training waits for.
    /// </summary>
    public double DataShare { get; init; }

    /// <summary>The value of a metric on the training batches.</summary>
    /// <param name="metric">Its name.</param>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public double this[string metric] => MetricValues.Get(Metrics, metric);

    /// <summary>What tells whether an epoch was a good one: a metric or the loss, on the validation data if there is any.</summary>
    /// <param name="metric">The metric's name; null for the loss.</param>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    internal MetricValue Monitored(string? metric)
    {
        if (metric is null)
            return new MetricValue("loss", Validation?.Loss ?? Loss, HigherIsBetter: false);
        var values = Validation?.Metrics ?? Metrics;
        _ = MetricValues.Get(values, metric);
        return values.First(value => value.Name == metric);
    }
}

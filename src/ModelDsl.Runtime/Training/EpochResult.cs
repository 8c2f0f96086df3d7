namespace ModelDsl;

/// <summary>The results of an epoch.</summary>
public sealed record EpochResult
{
    /// <summary>The number of the epoch, starting at 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The mean training loss per sample over the epoch, during which the weights changed.</summary>
    public required double Loss { get; init; }

    /// <summary>The metrics on the training batches over the epoch.</summary>
    public required IReadOnlyList<MetricValue> Metrics { get; init; }

    /// <summary>The result on the validation data at the end of the epoch; null without validation data.</summary>
    public Evaluation? Validation { get; init; }

    /// <summary>The mean validation loss per sample, or null without validation data.</summary>
    public double? ValidationLoss => Validation?.Loss;

    /// <summary>The learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The duration of the epoch in seconds, including validation.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training samples per second, excluding validation.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>
    /// The fraction of the steps' time, from 0 to 1, in which the training thread waited for batches or prepared them itself. If it is more than a few hundredths,
    /// the data limits the speed of training.
    /// </summary>
    public double DataShare { get; init; }

    /// <summary>The memory in bytes, at the end of the epoch, of the process that uses most in a group of ranks; null without a group, and for an epoch before the run was continued.</summary>
    public long? RankMemory { get; init; }

    /// <summary>Gets the value of a metric on the training batches.</summary>
    /// <param name="metric">The name of the metric.</param>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public double this[string metric] => MetricValues.Get(Metrics, metric);

    /// <summary>Returns the value by which epochs are compared: a metric or the loss, on the validation data if there is any.</summary>
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

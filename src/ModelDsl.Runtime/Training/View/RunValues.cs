namespace ModelDsl;

/// <summary>The losses and metrics of a run: the current value of each, the best, and the earlier ones.</summary>
internal sealed class RunValues
{
    private readonly List<RunValue> all = [];
    private long samples;
    private int epoch;
    private double lossSum;

    /// <summary>The losses and metrics: those of training first, and then those of the validation data.</summary>
    public IReadOnlyList<RunValue> All => all;

    /// <summary>The duration of the last epoch, including validation; null before the first has ended.</summary>
    public TimeSpan? EpochDuration { get; private set; }

    /// <summary>Adds the progress of an epoch.</summary>
    public void Add(in TrainingProgress progress)
    {
        // The mean loss since the last report shows more than that since the beginning of the epoch.
        var (earlier, earlierSum) = progress.Epoch == epoch ? (samples, lossSum) : (0L, 0.0);
        (epoch, samples, lossSum) = (progress.Epoch, progress.Samples, progress.Loss * progress.Samples);
        var loss = Of(new("loss", progress.Loss, HigherIsBetter: false));
        loss.Current = progress.Loss;
        if (samples > earlier)
            loss.Curve.Add((lossSum - earlierSum) / (samples - earlier));
        if (progress.Metric is { } metric)
            Of(metric).Current = metric.Value;
    }

    /// <summary>Adds the results of an epoch.</summary>
    public void Add(EpochResult epoch)
    {
        EpochDuration = TimeSpan.FromSeconds(epoch.Seconds);
        Add(new("loss", epoch.Loss, HigherIsBetter: false), epoch.Epoch, isCurve: false);
        foreach (var metric in epoch.Metrics)
            Add(metric, epoch.Epoch);
        if (epoch.Validation is not { } validation)
            return;
        Add(new("validation loss", validation.Loss, HigherIsBetter: false), epoch.Epoch);
        foreach (var metric in validation.Metrics)
            Add(metric with { Name = $"validation {metric.Name}" }, epoch.Epoch);
    }

    /// <summary>Returns the time until the end of the run, as if all epochs took as long as this one; null if it is unknown.</summary>
    public TimeSpan? Remaining(in TrainingProgress progress)
    {
        if (progress.Remaining is not { } ofEpoch)
            return null;
        return ofEpoch + ((EpochDuration ?? progress.Elapsed + ofEpoch) * (progress.Epochs - progress.Epoch));
    }

    private void Add(MetricValue value, int epoch, bool isCurve = true)
    {
        var known = Of(value);
        known.Current = value.Value;
        if (isCurve)
            known.Curve.Add(value.Value);
        if (known.Best is not { } best || (value.HigherIsBetter ? value.Value > best : value.Value < best))
            (known.Best, known.BestEpoch) = (value.Value, epoch);
    }

    private RunValue Of(MetricValue value)
    {
        if (all.Find(known => known.Name == value.Name) is { } known)
            return known;
        var added = new RunValue(value.Name);
        all.Add(added);
        return added;
    }
}

/// <summary>A loss or a metric of a run.</summary>
/// <param name="name">Its name.</param>
internal sealed class RunValue(string name)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>The current value.</summary>
    public double Current { get; set; }

    /// <summary>The best value of a complete epoch; null before the first.</summary>
    public double? Best { get; set; }

    /// <summary>The epoch of the best value.</summary>
    public int BestEpoch { get; set; }

    /// <summary>The earlier values.</summary>
    public Sparkline Curve { get; } = new();
}

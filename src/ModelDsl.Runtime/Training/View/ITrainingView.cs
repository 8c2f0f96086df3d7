namespace ModelDsl;

/// <summary>Shows a training run to somebody. All methods are called on the training thread, so they should be quick.</summary>
public interface ITrainingView
{
    /// <summary>Training begins.</summary>
    /// <param name="plan">What is going to be done.</param>
    void Started(TrainingPlan plan);

    /// <summary>Training goes on; called about ten times a second at most, however many steps there are.</summary>
    /// <param name="progress">How far it is.</param>
    void Progress(in TrainingProgress progress);

    /// <summary>An epoch has ended.</summary>
    /// <param name="epoch">What it brought.</param>
    void EpochEnded(EpochResult epoch);

    /// <summary>Something was found that is probably a mistake; training goes on. Nothing is shown unless a view shows it.</summary>
    /// <param name="warning">What was found.</param>
    void Warned(TrainingWarning warning)
    {
    }

    /// <summary>Training has ended, for whatever reason; an exception may follow.</summary>
    /// <param name="history">What it brought.</param>
    void Finished(TrainingHistory history);
}

/// <summary>What a training run is going to do.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Epochs">Number of epochs.</param>
/// <param name="StepsPerEpoch">Steps per epoch; null for a stream.</param>
/// <param name="SamplesPerEpoch">Samples per epoch; null for a stream.</param>
/// <param name="BatchSize">Samples per step.</param>
public sealed record TrainingPlan(string Model, int Epochs, int? StepsPerEpoch, int? SamplesPerEpoch, int BatchSize);

/// <summary>How far a training run is.</summary>
public readonly record struct TrainingProgress
{
    /// <summary>The epoch under way, from 1 on.</summary>
    public required int Epoch { get; init; }

    /// <summary>Number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>Completed steps of the epoch.</summary>
    public required int Step { get; init; }

    /// <summary>Steps of the epoch; null for a stream.</summary>
    public required int? Steps { get; init; }

    /// <summary>Samples of the epoch so far.</summary>
    public required long Samples { get; init; }

    /// <summary>The mean loss of the epoch so far.</summary>
    public required double Loss { get; init; }

    /// <summary>The first metric, over the epoch so far; null without metrics.</summary>
    public MetricValue? Metric { get; init; }

    /// <summary>Time since the epoch began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The share of the epoch that is done, from 0 to 1; null for a stream.</summary>
    public double? Share => Steps is { } steps and > 0 ? (double)Step / steps : null;

    /// <summary>Samples per second since the epoch began.</summary>
    public double SamplesPerSecond => Elapsed > TimeSpan.Zero ? Samples / Elapsed.TotalSeconds : 0;

    /// <summary>About how long the epoch will still take; null where that is unknown.</summary>
    public TimeSpan? Remaining => Share is { } share and > 0 ? Elapsed * ((1 - share) / share) : null;
}

namespace ModelDsl;

/// <summary>Shows a training run. All methods are called on the training thread, so they should return quickly.</summary>
public interface ITrainingView
{
    /// <summary>Called when training begins.</summary>
    /// <param name="plan">The plan of the run.</param>
    void Started(TrainingPlan plan);

    /// <summary>Called during training, at most about ten times per second.</summary>
    /// <param name="progress">The progress.</param>
    void Progress(in TrainingProgress progress);

    /// <summary>Called at the end of an epoch.</summary>
    /// <param name="epoch">The results of the epoch.</param>
    void EpochEnded(EpochResult epoch);

    /// <summary>Called when a probable mistake is detected; training continues. The default implementation does nothing.</summary>
    /// <param name="warning">The warning.</param>
    void Warned(TrainingWarning warning)
    {
    }

    /// <summary>Called when training has ended, for any reason; an exception may follow.</summary>
    /// <param name="history">The results of the run.</param>
    void Finished(TrainingHistory history);
}

/// <summary>The plan of a training run.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Epochs">The number of epochs.</param>
/// <param name="StepsPerEpoch">The number of steps per epoch; null for a stream.</param>
/// <param name="SamplesPerEpoch">The number of samples per epoch; null for a stream.</param>
/// <param name="BatchSize">The number of samples per step.</param>
public sealed record TrainingPlan(string Model, int Epochs, int? StepsPerEpoch, int? SamplesPerEpoch, int BatchSize)
{
    /// <summary>The checkpoint that the run is continued from; null if it is not.</summary>
    public TrainingResumption? Resumed { get; init; }
}

/// <summary>The progress of a training run.</summary>
public readonly record struct TrainingProgress
{
    /// <summary>The current epoch, starting at 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>The number of completed steps of the epoch.</summary>
    public required int Step { get; init; }

    /// <summary>The number of steps of the epoch; null for a stream.</summary>
    public required int? Steps { get; init; }

    /// <summary>The number of samples of the epoch so far.</summary>
    public required long Samples { get; init; }

    /// <summary>The mean loss of the epoch so far.</summary>
    public required double Loss { get; init; }

    /// <summary>The first metric, over the epoch so far; null without metrics.</summary>
    public MetricValue? Metric { get; init; }

    /// <summary>The learning rate of the last step; null if it is unknown.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The fraction of the time since the epoch began, from 0 to 1, in which training waited for batches; null if it is unknown.</summary>
    public double? DataShare { get; init; }

    /// <summary>The bytes of the device's memory that models and optimizers use; null for a device that uses the memory of the program.</summary>
    public long? DeviceMemoryInUse { get; init; }

    /// <summary>The bytes of the device's memory; null for a device that uses the memory of the program.</summary>
    public long? DeviceMemorySize { get; init; }

    /// <summary>The time since the epoch began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The completed fraction of the epoch, from 0 to 1; null for a stream.</summary>
    public double? Share => Steps is { } steps and > 0 ? (double)Step / steps : null;

    /// <summary>Samples per second since the epoch began.</summary>
    public double SamplesPerSecond => Elapsed > TimeSpan.Zero ? Samples / Elapsed.TotalSeconds : 0;

    /// <summary>The estimated time until the end of the epoch; null if it is unknown.</summary>
    public TimeSpan? Remaining => Share is { } share and > 0 ? Elapsed * ((1 - share) / share) : null;
}

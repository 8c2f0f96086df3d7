namespace ModelDsl;

/// <summary>The results of a training run, by epoch.</summary>
public sealed class TrainingHistory
{
    private readonly List<EpochResult> epochs = [];
    private readonly List<TrainingWarning> warnings = [];

    /// <summary>The completed epochs.</summary>
    public IReadOnlyList<EpochResult> Epochs => epochs;

    /// <summary>The last completed epoch, or null if there is none.</summary>
    public EpochResult? Last => epochs.Count == 0 ? null : epochs[^1];

    /// <summary>The epoch with the least validation loss (training loss without validation data), or null if there is none.</summary>
    public EpochResult? Best
    {
        get
        {
            EpochResult? best = null;
            foreach (var epoch in epochs)
            {
                if (best is null || epoch.Monitored(null).Value < best.Monitored(null).Value)
                    best = epoch;
            }

            return best;
        }
    }

    /// <summary>Whether training was cancelled. The model keeps its weights, and the incomplete epoch is not listed.</summary>
    public bool Cancelled { get; internal set; }

    /// <summary>Why training ended before the last epoch; null if it did not, or was cancelled.</summary>
    public string? StopReason { get; internal set; }

    /// <summary>The number of training steps, including those of an incomplete epoch.</summary>
    public long Steps { get; internal set; }

    /// <summary>The checkpoint that the run was continued from; null if it was not. The epochs, steps, warnings and duration include those before.</summary>
    public TrainingResumption? Resumed { get; internal set; }

    /// <summary>
    /// The path of the last checkpoint, from which the same call of <see cref="Trainer.Fit"/> continues the run; null without <see cref="Trainer.Checkpoint"/>, or if
    /// none could be saved.
    /// </summary>
    public string? Checkpoint { get; internal set; }

    /// <summary>Warnings about probable mistakes that did not end training. The view showed each when it was found.</summary>
    public IReadOnlyList<TrainingWarning> Warnings => warnings;

    /// <summary>The duration of the run.</summary>
    public TimeSpan Duration { get; internal set; }

    internal void Add(EpochResult epoch) => epochs.Add(epoch);

    internal void Add(TrainingWarning warning) => warnings.Add(warning);
}

namespace ModelDsl;

/// <summary>Ends training when the model has not improved for several epochs, and restores its best weights.</summary>
public sealed class EarlyStopping : MonitoringCallback
{
    private readonly int patience;
    private WeightSnapshot? best;

    /// <summary>Creates the callback.</summary>
    /// <param name="patience">The number of epochs without improvement after which training ends, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="patience"/> is less than 1.</exception>
    public EarlyStopping(int patience = 5)
    {
        this.patience = ArgumentCheck.AtLeast(patience, 1, nameof(patience));
    }

    /// <summary>Whether to restore the weights of the best epoch when training ends, for any reason; true by default.</summary>
    public bool RestoreBest { get; init; } = true;

    /// <inheritdoc/>
    public override void Started(TrainingRun run)
    {
        base.Started(run);
        best = null;
    }

    /// <inheritdoc/>
    public override void Ended(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        best?.Restore(run.Model);
        best = null;
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        base.SaveState(writer);
        best?.Save(writer);
    }

    /// <inheritdoc/>
    public override void RestoreState(CheckpointReader reader)
    {
        base.RestoreState(reader);
        best = RestoreBest ? WeightSnapshot.Restore(reader) : null;
    }

    private protected override void Improved(TrainingRun run, EpochResult epoch)
    {
        if (RestoreBest)
            (best ??= new WeightSnapshot(run.Model)).Take(run.Model);
    }

    private protected override void NotImproved(TrainingRun run, EpochResult epoch, int epochsSinceBest)
    {
        if (epochsSinceBest >= patience)
            run.Stop($"{patience} epochs without improvement of the {Describe(epoch)}");
    }
}

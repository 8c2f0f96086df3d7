namespace ModelDsl;

/// <summary>Reduces the learning rate when the model has not improved for several epochs.</summary>
public sealed class ReduceOnPlateau : MonitoringCallback
{
    private readonly int patience;
    private readonly double factor;
    private readonly double minimumFactor = 1e-3;
    private int waitFrom;

    /// <summary>Creates the callback.</summary>
    /// <param name="patience">The number of epochs without improvement, counted from the last reduction, after which the rate is reduced; at least 1.</param>
    /// <param name="factor">The factor of each reduction, between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public ReduceOnPlateau(int patience = 3, double factor = 0.5)
    {
        this.patience = ArgumentCheck.AtLeast(patience, 1, nameof(patience));
        this.factor = factor is > 0 and < 1 ? factor : throw ArgumentCheck.Out(nameof(factor), factor, "greater than 0 and less than 1");
    }

    /// <summary>The least fraction of the initial rate, from 0 to 1; 0.001 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double MinimumFactor
    {
        get => minimumFactor;
        init => minimumFactor = ArgumentCheck.Within(value, 0, 1);
    }

    /// <inheritdoc/>
    public override void Started(TrainingRun run)
    {
        base.Started(run);
        waitFrom = 0;
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        base.SaveState(writer);
        writer.Write(nameof(waitFrom), waitFrom);
    }

    /// <inheritdoc/>
    public override void RestoreState(CheckpointReader reader)
    {
        base.RestoreState(reader);
        waitFrom = checked((int)reader.GetInt64(nameof(waitFrom)));
    }

    private protected override void Improved(TrainingRun run, EpochResult epoch) => waitFrom = epoch.Epoch;

    private protected override void NotImproved(TrainingRun run, EpochResult epoch, int epochsSinceBest)
    {
        if (epoch.Epoch - waitFrom < patience)
            return;
        run.LearningRateFactor = Math.Max(MinimumFactor, run.LearningRateFactor * factor);
        waitFrom = epoch.Epoch;
    }
}

using System.Globalization;

namespace ModelDsl;

/// <summary>A callback that compares epochs by the loss or a metric, on the validation data if there is any, otherwise on the training data.</summary>
public abstract class MonitoringCallback : TrainingCallback, ICheckpointState
{
    private readonly double minimumChange;
    private double best;
    private int bestEpoch;

    private protected MonitoringCallback()
    {
    }

    /// <summary>The name of the metric to compare by; null, the default, for the loss.</summary>
    public string? Monitor { get; init; }

    /// <summary>The least change of the value that is an improvement; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double MinimumChange
    {
        get => minimumChange;
        init => minimumChange = ArgumentCheck.NotNegative(value);
    }

    /// <inheritdoc/>
    public override void Started(TrainingRun run) => (best, bestEpoch) = (double.NaN, 0);

    /// <inheritdoc/>
    public sealed override void EpochEnded(TrainingRun run, EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(epoch);
        var value = epoch.Monitored(Monitor);
        if (!double.IsNaN(value.Value) && (bestEpoch == 0 || (value.HigherIsBetter ? value.Value - best : best - value.Value) > MinimumChange))
        {
            (best, bestEpoch) = (value.Value, epoch.Epoch);
            Improved(run, epoch);
        }
        else
        {
            NotImproved(run, epoch, epoch.Epoch - bestEpoch);
        }
    }

    /// <inheritdoc/>
    public virtual void SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(nameof(best), best);
        writer.Write(nameof(bestEpoch), bestEpoch);
    }

    /// <inheritdoc/>
    public virtual void RestoreState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        (best, bestEpoch) = (reader.GetDouble(nameof(best)), checked((int)reader.GetInt64(nameof(bestEpoch))));
    }

    private protected string Describe(EpochResult epoch) => string.Create(CultureInfo.InvariantCulture,
        $"{(epoch.Validation is null ? "" : "validation ")}{Monitor ?? "loss"}, best {best:G6} in epoch {bestEpoch}");

    private protected virtual void Improved(TrainingRun run, EpochResult epoch)
    {
    }

    private protected virtual void NotImproved(TrainingRun run, EpochResult epoch, int epochsSinceBest)
    {
    }
}

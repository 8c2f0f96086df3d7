using System.Globalization;

namespace ModelDsl;

/// <summary>The base class of <see cref="FreezeAt"/> and <see cref="UnfreezeAt"/>, which end and begin the training of parameters at an epoch.</summary>
/// <remarks>After the run, the optimizer has the rules for parameters that it had before. A run that continues from a checkpoint has the same callbacks.</remarks>
public abstract class FreezingCallback : TrainingCallback
{
    private readonly int epoch;
    private readonly string pattern;
    private readonly bool freezes;

    /// <summary>Creates the callback.</summary>
    /// <param name="epoch">The first epoch after the change, at least 1.</param>
    /// <param name="pattern">The parameters, as in <see cref="Optimizer.Scale"/>.</param>
    /// <param name="freezes">Whether the parameters are trained before the change and not after it; otherwise the reverse.</param>
    private protected FreezingCallback(int epoch, string pattern, bool freezes)
    {
        this.epoch = ArgumentCheck.AtLeast(epoch, 1, nameof(epoch));
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        (this.pattern, this.freezes) = (pattern, freezes);
    }

    /// <inheritdoc/>
    public override void Started(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.KeepParameterRules();
        if (freezes == (epoch == 1))
            run.Optimizer.Freeze(pattern);
    }

    /// <inheritdoc/>
    public override void EpochEnded(TrainingRun run, EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(epoch);
        if (epoch.Epoch != this.epoch - 1)
            return;
        if (freezes)
            run.Optimizer.Freeze(pattern);
        else
            run.Optimizer.Unfreeze(pattern);
    }

    /// <inheritdoc/>
    public override void Ended(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);

        // The next run begins with the parameters that this one was given.
        run.RestoreParameterRules();
    }

    /// <inheritdoc/>
    internal override string Schedule => $"{GetType().Name}({epoch.ToString(CultureInfo.InvariantCulture)}, \"{pattern}\")";
}

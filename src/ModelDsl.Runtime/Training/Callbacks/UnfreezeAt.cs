using System.Globalization;

namespace ModelDsl;

/// <summary>
/// Freezes parameters at the beginning of a run, and trains them from a given epoch on. With several of these callbacks, layers are unfrozen one after the other (Howard, Ruder: Universal Language Model
/// Fine-tuning for Text Classification, 2018).
/// </summary>
/// <remarks>After the run, the optimizer has the rules for parameters that it had before. A run that continues from a checkpoint has the same callbacks.</remarks>
/// <example>
/// <code>
/// new Trainer(new AdamW(1e-4)) { Epochs = 6, Callbacks = [new UnfreezeAt(epoch: 3, "encoder*"), new UnfreezeAt(epoch: 5, "embedding*")] }
/// </code>
/// </example>
public sealed class UnfreezeAt : TrainingCallback
{
    private readonly int epoch;
    private readonly string pattern;

    /// <summary>Creates the callback.</summary>
    /// <param name="epoch">The first epoch in which the parameters are trained, at least 1.</param>
    /// <param name="pattern">The parameters, as in <see cref="Optimizer.Scale"/>.</param>
    /// <exception cref="ArgumentException">The pattern is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is less than 1.</exception>
    public UnfreezeAt(int epoch, string pattern)
    {
        this.epoch = ArgumentCheck.AtLeast(epoch, 1, nameof(epoch));
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        this.pattern = pattern;
    }

    /// <inheritdoc/>
    public override void Started(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.KeepParameterRules();
        if (epoch > 1)
            run.Optimizer.Freeze(pattern);
    }

    /// <inheritdoc/>
    public override void EpochEnded(TrainingRun run, EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(epoch);
        if (epoch.Epoch == this.epoch - 1)
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
    internal override string Schedule => $"{nameof(UnfreezeAt)}({epoch.ToString(CultureInfo.InvariantCulture)}, \"{pattern}\")";
}

using System.Globalization;

namespace ModelDsl;

/// <summary>
/// Trains parameters until a given epoch, and freezes them from then on. With several of these callbacks, layers are frozen one after the other (Brock et al.: FreezeOut, 2017).
/// </summary>
/// <remarks>The gradients of frozen parameters are still computed, so epochs do not become faster. After the run, the optimizer has the rules for parameters that it had before. A run that continues from a checkpoint has the same callbacks.</remarks>
/// <example>
/// <code>
/// new Trainer(new Sgd(0.1)) { Epochs = 6, Callbacks = [new FreezeAt(epoch: 3, "conv1"), new FreezeAt(epoch: 5, "conv2")] }
/// </code>
/// </example>
public sealed class FreezeAt : TrainingCallback
{
    private readonly int epoch;
    private readonly string pattern;

    /// <summary>Creates the callback.</summary>
    /// <param name="epoch">The first epoch in which the parameters are not trained, at least 1.</param>
    /// <param name="pattern">The parameters, as in <see cref="Optimizer.Scale"/>.</param>
    /// <exception cref="ArgumentException">The pattern is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is less than 1.</exception>
    public FreezeAt(int epoch, string pattern)
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
        if (epoch == 1)
            run.Optimizer.Freeze(pattern);
    }

    /// <inheritdoc/>
    public override void EpochEnded(TrainingRun run, EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(epoch);
        if (epoch.Epoch == this.epoch - 1)
            run.Optimizer.Freeze(pattern);
    }

    /// <inheritdoc/>
    public override void Ended(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);

        // The next run begins with the parameters that this one was given.
        run.RestoreParameterRules();
    }

    /// <inheritdoc/>
    internal override string Schedule => $"{nameof(FreezeAt)}({epoch.ToString(CultureInfo.InvariantCulture)}, \"{pattern}\")";
}

using ModelDsl.Optimizers;
using ModelDsl.Training;

namespace ModelDsl;

/// <summary>A callback that observes the training of a model and can stop it. All methods run on the training thread.</summary>
public abstract class TrainingCallback
{
    /// <summary>Whether only the root of a group has the callback, because it writes files.</summary>
    internal virtual bool IsForRoot => false;

    /// <summary>What the callback does at certain epochs, as a setting that a resumed run must have too; null if there is nothing.</summary>
    internal virtual string? Schedule => null;

    /// <summary>Called before training begins.</summary>
    /// <param name="run">The run.</param>
    public virtual void Started(TrainingRun run)
    {
    }

    /// <summary>Called when a probable mistake is detected; training continues.</summary>
    /// <param name="run">The run.</param>
    /// <param name="warning">The warning.</param>
    public virtual void Warned(TrainingRun run, TrainingWarning warning)
    {
    }

    /// <summary>Called after each training step. Implementations should be fast and should not allocate memory.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">The step.</param>
    public virtual void StepEnded(TrainingRun run, in TrainingStep step)
    {
    }

    /// <summary>Called after the training steps of an epoch, before validation.</summary>
    /// <param name="run">The run.</param>
    public virtual void Validating(TrainingRun run)
    {
    }

    /// <summary>Called at the end of an epoch, after validation.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epoch">The results of the epoch.</param>
    public virtual void EpochEnded(TrainingRun run, EpochResult epoch)
    {
    }

    /// <summary>Called when training has ended: after the last epoch, when stopped or cancelled, or because of an exception.</summary>
    /// <param name="run">The run.</param>
    public virtual void Ended(TrainingRun run)
    {
    }
}

/// <summary>One step of a training run.</summary>
/// <param name="Epoch">The number of the epoch, starting at 1.</param>
/// <param name="Number">The number of the step in the whole run, starting at 1.</param>
/// <param name="Loss">The mean loss of its batch.</param>
/// <param name="Samples">The number of samples of its batch.</param>
public readonly record struct TrainingStep(int Epoch, long Number, double Loss, int Samples);

/// <summary>The current training run, for callbacks.</summary>
public sealed class TrainingRun
{
    private double learningRateFactor = 1;
    private ParameterRules? ownRules;

    internal TrainingRun(Model model, Optimizer optimizer, TrainingHistory history)
    {
        Model = model;
        Optimizer = optimizer;
        History = history;
        Plan = new TrainingPlan(model.Description.Name, 0, null, null, 0);
    }

    /// <summary>The model. Callbacks can save it, and use it for predictions on the training thread.</summary>
    public Model Model { get; }

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The epochs so far.</summary>
    public TrainingHistory History { get; }

    /// <summary>The plan of the run: the name of the model, the number of epochs and the batch size.</summary>
    public TrainingPlan Plan { get; private set; }

    /// <summary>The names of the metrics that each <see cref="EpochResult"/> has.</summary>
    public IReadOnlyList<string> MetricNames { get; private set; } = [];

    /// <summary>Whether there is validation data, so that each <see cref="EpochResult"/> has a <see cref="EpochResult.Validation"/>.</summary>
    public bool HasValidation { get; private set; }

    /// <summary>Reports a warning to the view, to callbacks and to the history.</summary>
    internal Action<TrainingWarning> Warn { get; private set; } = static _ => { };

    /// <summary>The state of the epoch that runs.</summary>
    internal EpochState Epoch { get; private set; } = new();

    /// <summary>The factor of the learning rate from the next step on; initially 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double LearningRateFactor
    {
        get => learningRateFactor;
        set => learningRateFactor = ArgumentCheck.NotNegative(value);
    }

    /// <summary>Whether this rank of a group writes files.</summary>
    internal bool IsRoot { get; init; } = true;

    /// <summary>Why training ends after this epoch; null if it continues.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Sets what callbacks can read, before they start.</summary>
    internal void Begin(TrainingPlan plan, IReadOnlyList<string> metricNames, bool hasValidation, EpochState epoch, Action<TrainingWarning> warn) =>
        (Plan, MetricNames, HasValidation, Epoch, Warn) = (plan, metricNames, hasValidation, epoch, warn);

    /// <summary>Keeps the optimizer's rules for parameters as they are when the first callback of the run that changes them starts.</summary>
    internal void KeepParameterRules() => ownRules ??= Optimizer.CopyRules();

    /// <summary>Gives the optimizer the rules back that were kept, if there are any.</summary>
    internal void RestoreParameterRules()
    {
        if (ownRules is not null)
            Optimizer.SetRules(ownRules);
    }

    internal void Restore(double factor, string? stopReason) => (learningRateFactor, StopReason) = (factor, stopReason);

    /// <summary>Ends training after the current epoch.</summary>
    /// <param name="reason">The reason, which the history contains.</param>
    public void Stop(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        StopReason ??= reason;
    }
}

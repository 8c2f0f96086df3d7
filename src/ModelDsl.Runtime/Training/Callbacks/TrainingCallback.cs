namespace ModelDsl;

/// <summary>Something that looks on while a model is trained, and may stop it. All methods run on the training thread.</summary>
public abstract class TrainingCallback
{
    /// <summary>Training is about to begin.</summary>
    /// <param name="run">The run.</param>
    public virtual void Started(TrainingRun run)
    {
    }

    /// <summary>Something was found that is probably a mistake; training goes on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="warning">What was found.</param>
    public virtual void Warned(TrainingRun run, TrainingWarning warning)
    {
    }

    /// <summary>A step has changed the weights. The method is called in every step: it should be fast, and allocate nothing.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">The step.</param>
    public virtual void StepEnded(TrainingRun run, in TrainingStep step)
    {
    }

    /// <summary>An epoch's training steps are done; its validation follows, where there is any.</summary>
    /// <param name="run">The run.</param>
    public virtual void Validating(TrainingRun run)
    {
    }

    /// <summary>An epoch has ended, validation included.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epoch">What the epoch brought.</param>
    public virtual void EpochEnded(TrainingRun run, EpochResult epoch)
    {
    }

    /// <summary>Training has ended: after the last epoch, stopped, cancelled, or with an exception.</summary>
    /// <param name="run">The run.</param>
    public virtual void Ended(TrainingRun run)
    {
    }
}

/// <summary>One step of a training run.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="Number">The number of the step in the whole run, from 1.</param>
/// <param name="Loss">The mean loss of its batch.</param>
/// <param name="Samples">The number of samples of its batch.</param>
public readonly record struct TrainingStep(int Epoch, long Number, double Loss, int Samples);

/// <summary>A training run in progress, as callbacks see it.</summary>
public sealed class TrainingRun
{
    private double learningRateFactor = 1;

    internal TrainingRun(Model model, Optimizer optimizer, TrainingHistory history)
    {
        Model = model;
        Optimizer = optimizer;
        History = history;
    }

    /// <summary>The model, which may be saved, and may predict on the training thread.</summary>
    public Model Model { get; }

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The epochs so far.</summary>
    public TrainingHistory History { get; }

    /// <summary>The learning rate is multiplied by this from the next step on; 1 at first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double LearningRateFactor
    {
        get => learningRateFactor;
        set => learningRateFactor = ArgumentCheck.NotNegative(value);
    }

    /// <summary>Why training shall end after this epoch; null when it shall go on.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Ends training after the epoch under way.</summary>
    /// <param name="reason">Why; for the history.</param>
    public void Stop(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        StopReason ??= reason;
    }
}

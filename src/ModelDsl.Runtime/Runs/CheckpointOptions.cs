namespace ModelDsl;

/// <summary>Where and how often a training run is saved, so that it can be continued after an interruption.</summary>
/// <remarks>
/// A checkpoint is a folder <c>step-00000500</c> in <see cref="Folder"/>, named after the number of steps. It contains <c>model.safetensors</c>, which
/// <see cref="Model.Load"/> and <c>FromFile</c> read, <c>training.safetensors</c> with the state of optimizers and callbacks, and <c>manifest.json</c> with all other values and the
/// SHA-256 checksums of the files. In addition to the intervals, a checkpoint is saved when a run ends or is cancelled.
/// </remarks>
/// <example>
/// <code>
/// new Trainer(new Adam(1e-3)) { Checkpoint = new("runs/cifar") { EverySteps = 500, KeepBest = "validation accuracy" } }
/// </code>
/// </example>
public sealed class CheckpointOptions
{
    private readonly int? everySteps;
    private readonly double everyMinutes = 5;
    private readonly int keepLast = 3;
    private readonly string? keepBest;
    private readonly string? resumeFrom;

    /// <summary>Creates the options.</summary>
    /// <param name="folder">The folder of the run, which is created if it does not exist. One process at a time can use it.</param>
    /// <exception cref="ArgumentException">The folder is null or empty.</exception>
    public CheckpointOptions(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = folder;
    }

    /// <summary>The folder of the run. If it contains a checkpoint, the run continues from the last one.</summary>
    public string Folder { get; }

    /// <summary>The number of steps after which a checkpoint is saved; null, the default, for <see cref="EveryMinutes"/> only.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? EverySteps
    {
        get => everySteps;
        init => everySteps = value is { } steps ? ArgumentCheck.AtLeast(steps, 1) : null;
    }

    /// <summary>The number of minutes after which a checkpoint is saved, at the end of a step; 5 by default, infinity for <see cref="EverySteps"/> only.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public double EveryMinutes
    {
        get => everyMinutes;
        init => everyMinutes = value > 0 ? value : throw ArgumentCheck.Out(nameof(EveryMinutes), value, "greater than 0; infinity is for EverySteps only");
    }

    /// <summary>The number of checkpoints to keep; older ones are deleted. The default is 3, so that a damaged checkpoint does not end a run.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int KeepLast
    {
        get => keepLast;
        init => keepLast = ArgumentCheck.AtLeast(value, 1);
    }

    /// <summary>
    /// The value whose best epoch is saved as <c>best.safetensors</c>: a metric or <c>loss</c> of the training data, or of the validation data, such as
    /// <c>validation accuracy</c>. The file contains the weights that were validated. The default is null, for none.
    /// </summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string? KeepBest
    {
        get => keepBest;
        init
        {
            if (value is not null)
                ArgumentException.ThrowIfNullOrWhiteSpace(value);
            keepBest = value;
        }
    }

    /// <summary>
    /// A checkpoint from which a new run begins, such as <c>runs/first/step-00000500</c>, or the folder of a run, for its last checkpoint. It is only used if <see cref="Folder"/> has no
    /// checkpoint yet, so that a program that is started again continues its own run. Nothing in this path is changed. The default is null.
    /// </summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string? ResumeFrom
    {
        get => resumeFrom;
        init
        {
            if (value is not null)
                ArgumentException.ThrowIfNullOrEmpty(value);
            resumeFrom = value;
        }
    }
}

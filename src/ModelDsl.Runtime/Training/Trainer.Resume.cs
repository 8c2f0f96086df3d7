using ModelDsl.Runs;

namespace ModelDsl;

/// <content>Resuming from a checkpoint.</content>
public sealed partial class Trainer
{
    /// <summary>The checkpoint of <see cref="Resume"/>; null for none.</summary>
    internal CheckpointOrigin? Origin { get; private set; }

    /// <summary>
    /// Makes the next call of <see cref="Fit"/> continue from a checkpoint: with its weights, states of the optimizer and the callbacks, position in the data and history, so that the results are those of a run that was never
    /// interrupted. It is an error if there is no checkpoint.
    /// </summary>
    /// <remarks>
    /// With a <see cref="Checkpoint"/> or <see cref="RunFolder"/> in another folder, a new run begins there, and nothing in <paramref name="path"/> is changed. If that folder already contains a checkpoint, the run
    /// continues from it and not from <paramref name="path"/>, so that a program that is started again continues its own run. The path may also be the folder of the run, or its last checkpoint. Without a
    /// <see cref="Checkpoint"/> the run is not saved. In a group all ranks call the method, and the root reads the files. It replaces <see cref="CheckpointOptions.ResumeFrom"/>.
    /// </remarks>
    /// <param name="path">The folder of a run, such as <c>runs/first</c>, for its last checkpoint, or a checkpoint, such as <c>runs/first/step-00000500</c>.</param>
    /// <returns>This trainer.</returns>
    /// <exception cref="ArgumentException">The path is null or empty.</exception>
    /// <example>
    /// <code>
    /// new Trainer(new Adam(1e-3)) { Epochs = 20 }.Resume("runs/first").Fit(model, train, validation);
    /// </code>
    /// </example>
    public Trainer Resume(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Origin = CheckpointOrigin.OfResume(path);
        return this;
    }

    /// <summary>Notes that the checkpoint is restored: a later call of <see cref="Fit"/> does not go back to it.</summary>
    internal void Resumed() => Origin = null;
}

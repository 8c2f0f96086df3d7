using ModelDsl.Runs;

namespace ModelDsl;

/// <summary>
/// The checkpoints of a custom training loop. If the folder contains a checkpoint, the constructor restores the model, the optimizers and all other state, and <see cref="Batches"/>
/// continues with the batch after it, so that the results are those of a loop that was never interrupted.
/// </summary>
/// <remarks>The loop must not depend on other values that change from step to step, unless one of its states contains them.</remarks>
/// <example>
/// <code>
/// var batches = data.Batches(32, shuffle: true, seed: 1);
/// using var run = new CheckpointedRun(new("runs/line") { EverySteps = 500 }, model, batches, [optimizer]);
/// while (run.Epochs &lt; 100)
/// {
///     foreach (Batch batch in run.Batches())
///     {
///         model.Forward(batch);
///         model.Backward(batch);
///         optimizer.Update(model);
///         run.StepEnded();
///     }
/// }
/// </code>
/// </example>
public sealed class CheckpointedRun : IDisposable
{
    private readonly Model model;
    private readonly BatchSequence batches;
    private readonly IReadOnlyList<Optimizer> optimizers;
    private readonly IReadOnlyList<ICheckpointState> states;
    private readonly RunCheckpoints checkpoints;
    private readonly List<TrainingWarning> warnings = [];
    private ulong pass;
    private bool isInPass;

    /// <summary>Opens the folder of a run, and restores its last checkpoint if there is one.</summary>
    /// <param name="options">The folder, and how often the run is saved. <see cref="CheckpointOptions.KeepBest"/> is for <see cref="Trainer.Fit"/> only.</param>
    /// <param name="model">The model.</param>
    /// <param name="batches">The batches of the training data.</param>
    /// <param name="optimizers">The optimizers of the loop.</param>
    /// <param name="states">Other objects whose state the loop depends on, in the same order in each start of the program.</param>
    /// <exception cref="ArgumentException"><see cref="CheckpointOptions.KeepBest"/> is set.</exception>
    /// <exception cref="CheckpointMismatchException">
    /// The checkpoint belongs to a run with another model, optimizer, data or batch size; the message contains the values of both.
    /// </exception>
    /// <exception cref="InvalidDataException">There are checkpoints, and all of them are damaged.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the model, or the checkpoint was saved by a newer version of this library.</exception>
    /// <exception cref="IOException">Another run uses the folder, or it cannot be written to.</exception>
    public CheckpointedRun(
        CheckpointOptions options, Model model, BatchSequence batches, IReadOnlyList<Optimizer> optimizers, params IReadOnlyList<ICheckpointState> states)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(optimizers);
        ArgumentNullException.ThrowIfNull(states);
        if (options.KeepBest is not null)
            throw new ArgumentException("KeepBest compares the results of Trainer.Fit: in a custom loop, save the model when it is the best.", nameof(options));
        (this.model, this.batches, this.optimizers, this.states) = (model, batches, optimizers, states);
        checkpoints = new RunCheckpoints(options, model, Settings());
        try
        {
            checkpoints.Start.Restore(model, Restore);
            checkpoints.Restored();
        }
        catch
        {
            checkpoints.Dispose();
            throw;
        }

        warnings.AddRange(checkpoints.Start.Problems.Select(static problem => new TrainingWarning(problem)));
    }

    /// <summary>The number of completed epochs.</summary>
    public int Epochs { get; private set; }

    /// <summary>The number of batches of the current epoch that <see cref="Batches"/> has returned.</summary>
    public int EpochSteps { get; private set; }

    /// <summary>The number of completed steps: calls of <see cref="StepEnded"/>.</summary>
    public long Steps { get; private set; }

    /// <summary>The checkpoint that the run was continued from; null if it is new.</summary>
    public TrainingResumption? Resumed => checkpoints.Start.Resumed;

    /// <summary>The path of the last checkpoint; null if there is none.</summary>
    public string? Checkpoint => checkpoints.Last;

    /// <summary>Checkpoints that could not be read or written.</summary>
    public IReadOnlyList<TrainingWarning> Warnings => warnings;

    /// <summary>Returns the batches of the current epoch, from the first that was not yet returned. After the last one the epoch is complete.</summary>
    /// <exception cref="OperationCanceledException">The token of the batches is cancelled.</exception>
    public IEnumerable<Batch> Batches()
    {
        if (!isInPass)
            pass = batches.NextPass;
        isInPass = true;
        batches.StartAt(pass, EpochSteps);
        foreach (var batch in batches)
        {
            EpochSteps++;
            yield return batch;
        }

        isInPass = false;
        EpochSteps = 0;
        Epochs++;
    }

    /// <summary>
    /// Counts a step, and saves a checkpoint if it is due. Call it after each update of the weights: once per batch, or once per <see cref="GradientAccumulator.WriteMean"/>. A checkpoint that cannot be written is a warning in
    /// <see cref="Warnings"/>, and the earlier ones are kept.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another thread uses the model, or its last gradients are in an accumulator and were not used by an update yet.</exception>
    public void StepEnded()
    {
        ThrowIfAccumulating();
        Steps++;
        if (checkpoints.IsDue(Steps) && checkpoints.Save(Contents) is { } problem)
            warnings.Add(new TrainingWarning(problem));
    }

    /// <summary>Saves a checkpoint between two steps, such as when the loop ends.</summary>
    /// <exception cref="InvalidOperationException">Another thread uses the model, or its last gradients are in an accumulator and were not used by an update yet.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written; the earlier ones are unchanged.</exception>
    public void Save()
    {
        ThrowIfAccumulating();
        if (checkpoints.Save(Contents) is { } problem)
            throw new IOException(problem);
    }

    /// <summary>Releases the folder for other runs. It does not save a checkpoint.</summary>
    public void Dispose() => checkpoints.Dispose();

    private void ThrowIfAccumulating()
    {
        if (!model.IsAccumulating)
            return;
        throw new InvalidOperationException(
            $"Gradients of {model.Description.Name} are in an accumulator, which a checkpoint does not contain: call StepEnded and Save after the update that uses them, and not after each batch.");
    }

    private RunContents Contents(CheckpointWriter writer)
    {
        var section = writer.Section("run");
        section.Write("pass", (long)(isInPass ? pass : batches.NextPass));
        foreach (var (index, optimizer) in optimizers.Index())
            optimizer.Save(model, writer.Section($"optimizer{index}"));
        foreach (var (index, state) in states.Index())
            state.SaveState(writer.Section($"state{index}"));
        return new RunContents(Epochs, EpochSteps, Steps, checkpoints.Settings, writer, new HistoryRecord([], [], Seconds: 0));
    }

    private void Restore(CheckpointReader reader, Manifest manifest)
    {
        (Epochs, EpochSteps, Steps) = (manifest.Epochs, manifest.EpochSteps, manifest.Steps);
        (pass, isInPass) = ((ulong)reader.Section("run").GetInt64("pass"), true);
        foreach (var (index, optimizer) in optimizers.Index())
            optimizer.Restore(model, reader.Section($"optimizer{index}"));
        foreach (var (index, state) in states.Index())
            state.RestoreState(reader.Section($"state{index}"));
    }

    private IEnumerable<RunSetting> Settings() =>
    [
        .. RunSettings.Of(model),
        .. optimizers.SelectMany((optimizer, index) => index == 0 ? optimizer.Settings
            : optimizer.Settings.Select(setting => setting with { Name = FormattableString.Invariant($"{setting.Name}, {index + 1}") })),
        .. RunSettings.Of(batches),
        new RunSetting("the list of objects with a state", string.Join(", ", states.Select(static state => state.GetType().Name))),
    ];
}

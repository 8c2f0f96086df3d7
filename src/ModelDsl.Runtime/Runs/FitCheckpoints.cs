using ModelDsl.Training;

namespace ModelDsl.Runs;

/// <summary>The checkpoints of <see cref="Trainer.Fit"/>.</summary>
internal sealed class FitCheckpoints : IDisposable
{
    private readonly Trainer trainer;
    private readonly TrainingProgressState state;
    private readonly StartingCheckpoint start;

    // Null if the run is not saved, but begins with a checkpoint.
    private readonly RunCheckpoints? checkpoints;
    private readonly BestModel? best;
    private readonly Action<TrainingWarning> warn;
    private readonly bool isRoot;
    private bool isSaved;

    /// <summary>Opens the folder of the run, if there is one, and finds the checkpoint that the run begins with.</summary>
    /// <exception cref="ArgumentException">The options name a metric that does not exist, or the checkpoint to begin with is in the folder of the run, and not its last one.</exception>
    /// <exception cref="CheckpointMismatchException">The checkpoint belongs to a run with other settings.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no checkpoint to begin with.</exception>
    /// <exception cref="InvalidDataException">There are checkpoints, and none of them can be read.</exception>
    /// <exception cref="IOException">Another process uses the folder, or it cannot be written to.</exception>
    private FitCheckpoints(Trainer trainer, TrainingProgressState state, Action<TrainingWarning> warn)
    {
        (this.trainer, this.state, this.warn) = (trainer, state, warn);
        isRoot = trainer.Group is null or { IsRoot: true };
        var settings = FitSettings.Of(trainer, state);
        if (trainer.CheckpointOrFolder is { } options)
        {
            if (options.KeepBest is { } monitor)
                best = new BestModel(options.Folder, monitor, state.Metrics.Names, state.Evaluator is not null);
            checkpoints = new RunCheckpoints(options, state.Run.Model, settings, trainer.Group, trainer.Origin);
        }

        start = checkpoints?.Start ?? new StartingCheckpoint(folder: null, trainer.Origin, [.. settings], trainer.Group is { Count: > 1 } group ? group : null);
        state.History.Resumed = start.Resumed;
    }

    private IEnumerable<(string Section, ICheckpointState State)> Stateful =>
    [
        .. trainer.CallbacksAndLogs.OfType<ICheckpointState>().Select(static (callback, index) => ($"callback{index}", callback)),
        .. trainer.Schedule is ICheckpointState schedule ? [("schedule", schedule)] : Array.Empty<(string, ICheckpointState)>(),
    ];

    /// <summary>Returns the checkpoints of a run; null if it is not saved and does not begin with a checkpoint.</summary>
    /// <inheritdoc cref="FitCheckpoints(Trainer, TrainingProgressState, Action{TrainingWarning})" path="/exception"/>
    public static FitCheckpoints? Of(Trainer trainer, TrainingProgressState state, Action<TrainingWarning> warn) =>
        trainer.CheckpointOrFolder is null && trainer.Origin is null ? null : new FitCheckpoints(trainer, state, warn);

    /// <summary>Restores everything from the checkpoint, if there is one. Callbacks have already started.</summary>
    public void Restore()
    {
        start.Restore(state.Run.Model, (reader, manifest) =>
        {
            state.Restore(reader, manifest);
            trainer.Optimizer.Restore(state.Run.Model, reader.Section("optimizer"));
            foreach (var (section, part) in Stateful)
                part.RestoreState(reader.Section(section));
            if (isRoot && !start.IsFork && best?.Restore(reader.Section("best"), manifest.Epochs) is { } lost)
                warn(new TrainingWarning(lost));
            isSaved = !start.IsFork;
        });
        checkpoints?.Restored();
        trainer.Resumed();
        state.History.Checkpoint = checkpoints?.Last;
        foreach (var problem in start.Problems)
            warn(new TrainingWarning(problem));
        if (state.History.Resumed is not null && state.Epoch is { Step: > 0, Phase: EpochPhase.Steps })
            WarnOfMetrics();
    }

    /// <summary>Whether the time for a checkpoint has come. In a group, the root tells the others.</summary>
    public bool IsTime => isRoot && checkpoints is { IsTime: true };

    /// <summary>Saves a checkpoint if it is due.</summary>
    /// <param name="isTime">In a group, whether the time for a checkpoint has come.</param>
    public void StepEnded(bool? isTime = null)
    {
        isSaved = false;
        if (checkpoints?.IsDue(state.History.Steps, isTime) == true)
            Save(checkpoints);
    }

    /// <summary>Saves the model if the epoch is the best so far.</summary>
    public void Validated(EpochResult epoch)
    {
        isSaved = false;
        if (isRoot && best?.EpochEnded(state.Run.Model, epoch) is { } problem)
            warn(new TrainingWarning(problem));
    }

    /// <summary>Saves a checkpoint when the run has ended or was cancelled, unless nothing has happened since the last one.</summary>
    public void Ended()
    {
        if (checkpoints is not null && !isSaved && state.Epoch.IsComplete)
            Save(checkpoints);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        checkpoints?.Dispose();
        start.Dispose();
    }

    private void Save(RunCheckpoints checkpoints)
    {
        var problem = checkpoints.Save(writer =>
        {
            state.Save(writer);
            trainer.Optimizer.Save(state.Run.Model, writer.Section("optimizer"));
            foreach (var (section, part) in Stateful)
                part.SaveState(writer.Section(section));
            best?.Save(writer.Section("best"));
            return new RunContents(
                state.History.Epochs.Count, state.Epoch.Step, state.History.Steps, checkpoints.Settings, writer, HistoryRecords.Save(state.History, state.Duration));
        });
        state.History.Checkpoint = checkpoints.Last;
        isSaved = checkpoints.WasSaved;
        if (problem is not null)
            warn(new TrainingWarning(problem));
    }

    /// <summary>Metrics sum over an epoch, so their sums are part of a checkpoint within an epoch.</summary>
    private void WarnOfMetrics()
    {
        foreach (var name in state.Metrics.WithoutState)
        {
            warn(new TrainingWarning(
                $"The metric '{name}' does not implement {nameof(ICheckpointState)}, so its value of epoch {state.Epoch.Number} on the training data is that of the steps since the checkpoint."));
        }
    }
}

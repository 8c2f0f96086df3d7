using ModelDsl.Training;

namespace ModelDsl.Runs;

/// <summary>The settings that decide the results of a run of <see cref="Trainer.Fit"/>.</summary>
internal static class FitSettings
{
    /// <summary>Returns the settings.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="state">The state of the run.</param>
    public static IEnumerable<RunSetting> Of(Trainer trainer, TrainingProgressState state)
    {
        var callbacks = trainer.CallbacksAndLogs.OfType<ICheckpointState>().Select(static callback => callback.GetType().Name);
        var schedules = trainer.CallbacksAndLogs.Select(static callback => callback.Schedule).OfType<string>().ToArray();
        IEnumerable<RunSetting> ofCallbacks = schedules.Length == 0 ? [] : [new RunSetting("the list of callbacks that freeze parameters", string.Join(", ", schedules))];
        return
        [
            .. RunSettings.Of(state.Run.Model),
            .. trainer.Optimizer.Settings,
            RunSetting.Of(RunSettings.LearningRate, trainer.Optimizer.LearningRate),
            RunSetting.Of("the schedule", trainer.Schedule),
            .. RunSettings.Of(state.Batches, trainer.AccumulateSteps),
            RunSettings.Samples("the validation data", state.Evaluator?.Data),
            new RunSetting("the list of metrics", string.Join(", ", state.Metrics.Names)),
            new RunSetting("the list of callbacks with a state", string.Join(", ", callbacks)),
            .. ofCallbacks,
        ];
    }

    /// <summary>Returns the other settings that all ranks of a group must have. A run may continue with other values of them.</summary>
    /// <param name="trainer">The trainer.</param>
    public static IEnumerable<RunSetting> OfRanks(Trainer trainer) =>
    [
        RunSetting.Of("Epochs", trainer.Epochs),
        RunSetting.Of("EvaluationBatchSize", trainer.EvaluationBatchSize),
        RunSetting.Of("StopOnNonFiniteLoss", trainer.StopOnNonFiniteLoss),
        RunSetting.Of("Shard", trainer.Shard),
        RunSetting.Of("Checkpoint", trainer.CheckpointOrFolder is { } checkpoint ? FormattableString.Invariant($"set, with EverySteps = {checkpoint.EverySteps}") : "not set"),
        RunSetting.Of("Resume", trainer.Origin is null ? "not called" : "called"),
    ];
}

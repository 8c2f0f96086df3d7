namespace ModelDsl.Runtime.Tests.Training;

/// <summary>Records the calls, and runs an action of a test at the end of an epoch.</summary>
internal sealed class Recorder(Action<TrainingRun, EpochResult>? onEpoch = null) : TrainingCallback, ITrainingView
{
    public List<string> Events { get; } = [];

    public List<float[]> Weights { get; } = [];

    public List<TrainingProgress> Reports { get; } = [];

    public override void Started(TrainingRun run) => Events.Add("run started");

    public override void EpochEnded(TrainingRun run, EpochResult epoch)
    {
        Events.Add($"epoch {epoch.Epoch}");
        Weights.Add(WeightsOf(run.Model));
        onEpoch?.Invoke(run, epoch);
    }

    public override void Warned(TrainingRun run, TrainingWarning warning) => Events.Add($"run warned {warning.Message}");

    public void Warned(TrainingWarning warning) => Events.Add($"view warned {warning.Message}");

    public override void Ended(TrainingRun run) => Events.Add("run ended");

    public void Started(TrainingPlan plan) => Events.Add($"view started {plan}");

    public void Progress(in TrainingProgress progress) => Reports.Add(progress);

    public void EpochEnded(EpochResult epoch) => Events.Add($"view epoch {epoch.Epoch}");

    public void Finished(TrainingHistory history) => Events.Add($"view finished {history.Epochs.Count}");

    public static float[] WeightsOf(Model model) => [.. model.Parameters.SelectMany(parameter => parameter.ToArray())];
}

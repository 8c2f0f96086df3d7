namespace ModelDsl.Runs;

/// <summary>Converts the results of a run from and to their form in manifests.</summary>
internal static class HistoryRecords
{
    public static HistoryRecord Save(TrainingHistory history, TimeSpan duration) =>
        new([.. history.Epochs.Select(Save)], [.. history.Warnings.Select(static warning => warning.Message)], duration.TotalSeconds);

    public static void Restore(HistoryRecord saved, TrainingHistory history)
    {
        foreach (var epoch in saved.Epochs)
            history.Add(Restore(epoch));
        foreach (var warning in saved.Warnings)
            history.Add(new TrainingWarning(warning));
    }

    private static EpochRecord Save(EpochResult epoch) => new(
        epoch.Epoch,
        epoch.Loss,
        epoch.Metrics,
        epoch.Validation is { } validation ? new EvaluationRecord(validation.Loss, validation.Samples, validation.Metrics, validation.Losses) : null,
        epoch.LearningRate,
        epoch.Seconds,
        epoch.SamplesPerSecond,
        epoch.DataShare);

    private static EpochResult Restore(EpochRecord epoch) => new()
    {
        Epoch = epoch.Epoch,
        Loss = epoch.Loss,
        Metrics = epoch.Metrics,
        Validation = epoch.Validation is { } validation ? new Evaluation(validation.Loss, validation.Samples, validation.Metrics, validation.Losses) : null,
        LearningRate = epoch.LearningRate,
        Seconds = epoch.Seconds,
        SamplesPerSecond = epoch.SamplesPerSecond,
        DataShare = epoch.DataShare,
    };
}

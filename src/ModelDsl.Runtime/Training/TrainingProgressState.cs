using System.Diagnostics;
using ModelDsl.Runs;

namespace ModelDsl.Training;

/// <summary>The state of one run of <see cref="Trainer.Fit"/>, apart from the optimizer and callbacks.</summary>
internal sealed class TrainingProgressState(TrainingRun run, BatchSequence batches, int perStep, MetricSet metrics, Evaluator? evaluator)
{
    private readonly long start = Stopwatch.GetTimestamp();
    private TimeSpan before;

    public TrainingRun Run { get; } = run;

    public TrainingHistory History => Run.History;

    public BatchSequence Batches { get; } = batches;

    public MetricSet Metrics { get; } = metrics;

    public Evaluator? Evaluator { get; } = evaluator;

    public EpochState Epoch { get; } = new();

    /// <summary>Whether the first batch was checked.</summary>
    public bool InputsChecked { get; set; }

    /// <summary>Whether there was a warning of a refused update.</summary>
    public bool WarnedOfGradients { get; set; }

    /// <summary>The duration of the run, including that before an interruption.</summary>
    public TimeSpan Duration => before + Stopwatch.GetElapsedTime(start);

    public void Save(CheckpointWriter writer)
    {
        var section = writer.Section("run");
        section.Write("learningRateFactor", Run.LearningRateFactor);
        section.Write("stopReason", Run.StopReason);
        section.Write("inputsChecked", InputsChecked);
        section.Write("warnedOfGradients", WarnedOfGradients);
        section.Write("epoch", Epoch.Number);
        section.Write("lossSum", Epoch.LossSum);
        section.Write("lossWeight", Epoch.Weight);
        section.Write("samples", Epoch.Samples);
        section.Write("waited", (double)Epoch.Waited / Stopwatch.Frequency);
        section.Write("seconds", Epoch.Elapsed.TotalSeconds);
        section.Write("stepSeconds", Epoch.StepSeconds);
        section.Write("isValidation", Epoch.Phase == EpochPhase.Validation);
        foreach (var (index, result) in Epoch.Results.Index())
            section.Write($"result{index}", result.Value);
        if (Epoch is { Step: > 0, Phase: EpochPhase.Steps })
            Metrics.Save(writer);
    }

    public void Restore(CheckpointReader reader, Manifest manifest)
    {
        var section = reader.Section("run");
        HistoryRecords.Restore(manifest.History, History);
        before = TimeSpan.FromSeconds(manifest.History.Seconds);
        History.Steps = manifest.Steps;
        Run.Restore(section.GetDouble("learningRateFactor"), section.Contains("stopReason") ? section.GetString("stopReason") : null);
        InputsChecked = section.GetBoolean("inputsChecked");
        WarnedOfGradients = section.GetBoolean("warnedOfGradients");
        Epoch.Number = checked((int)section.GetInt64("epoch"));
        Epoch.Step = manifest.EpochSteps;
        Epoch.LossSum = section.GetDouble("lossSum");
        Epoch.Samples = section.GetInt64("samples");

        // Before losses had weights, each sample had the weight 1.
        Epoch.Weight = section.Contains("lossWeight") ? section.GetDouble("lossWeight") : Epoch.Samples;
        Epoch.Waited = (long)(section.GetDouble("waited") * Stopwatch.Frequency);
        Epoch.Elapsed = TimeSpan.FromSeconds(section.GetDouble("seconds"));
        Epoch.StepSeconds = section.GetDouble("stepSeconds");
        Epoch.Phase = section.GetBoolean("isValidation") ? EpochPhase.Validation : EpochPhase.Steps;
        if (Epoch.Phase == EpochPhase.Validation)
            Epoch.Results = Metrics.TrainingValues(index => section.GetDouble($"result{index}"));
        else if (Epoch.Step > 0)
            Metrics.Restore(reader);

        // The numbers of passes are those of epochs, which orders and augmentations depend on.
        var (pass, batch) = Epoch.Phase == EpochPhase.Validation ? ((ulong)Epoch.Number, 0L) : ((ulong)Epoch.Number - 1, FirstBatch(Epoch.Step));
        Batches.StartAt(pass, batch);
        Evaluator?.StartAt((ulong)Epoch.Number - 1);
    }

    /// <summary>The number of the batch after a number of steps; the last step of an epoch may have fewer batches.</summary>
    private long FirstBatch(int steps) => Math.Min((long)steps * perStep, Batches.Count ?? long.MaxValue);
}

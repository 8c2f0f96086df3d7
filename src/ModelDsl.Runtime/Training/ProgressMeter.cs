using System.Diagnostics;

namespace ModelDsl.Training;

/// <summary>Reports progress to a view, at a limited rate.</summary>
internal sealed class ProgressMeter(ITrainingView view, MetricSet metrics, int epochs, int? steps, int? samplesPerEpoch, Device device)
{
    private static readonly long Interval = Stopwatch.Frequency / 10;

    private readonly bool silent = view is SilentTrainingView;
    private int epoch;
    private long epochStart;
    private long next;

    public void Started(string model, Trainer trainer, TrainingResumption? resumed)
    {
        if (!silent)
            view.Started(new TrainingPlan(model, epochs, steps, samplesPerEpoch, trainer.BatchSize * trainer.AccumulateSteps) { Resumed = resumed });
    }

    /// <summary>Begins an epoch.</summary>
    /// <param name="number">The number of the epoch.</param>
    /// <param name="elapsed">The duration of its steps before an interruption; 0 if there was none.</param>
    public void EpochStarted(int number, TimeSpan elapsed)
    {
        epoch = number;
        if (silent)
            return;
        epochStart = Stopwatch.GetTimestamp() - (long)(elapsed.TotalSeconds * Stopwatch.Frequency);
        // Very short epochs do not all get a progress report.
        next = Math.Max(next, number == 1 ? epochStart : epochStart + (Interval / 2));
    }

    /// <summary>Reports a step, if the last report is not too recent.</summary>
    /// <param name="state">The sums over the steps of the epoch.</param>
    /// <param name="learningRate">The learning rate of the step.</param>
    public void Stepped(EpochState state, double learningRate)
    {
        if (silent)
            return;
        var now = Stopwatch.GetTimestamp();
        if (now < next)
            return;
        next = now + Interval;
        var elapsed = Stopwatch.GetElapsedTime(epochStart, now);
        view.Progress(new TrainingProgress
        {
            Epoch = epoch,
            Epochs = epochs,
            Step = state.Step,
            Steps = steps,
            Samples = state.Samples,
            Loss = state.Loss,
            Metric = metrics.First,
            LearningRate = learningRate,
            DataShare = elapsed > TimeSpan.Zero ? Math.Min(1, (double)state.Waited / Stopwatch.Frequency / elapsed.TotalSeconds) : 0,
            DeviceMemoryInUse = device.MemoryInUse,
            DeviceMemorySize = device.MemorySize,
            Elapsed = elapsed,
        });
    }
}

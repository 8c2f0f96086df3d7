using System.Diagnostics;

namespace ModelDsl.Training;

/// <summary>Reports a run to <see cref="TrainingTelemetry"/>. Each instrument is asked whether anything listens to it, because that may begin at any time.</summary>
internal sealed class TelemetryCallback : TrainingCallback
{
    private Activity? runActivity;
    private Activity? epochActivity;
    private Activity? validationActivity;
    private KeyValuePair<string, object?> model;
    private DateTimeOffset epochStart;
    private long lastTime;
    private long waited;

    internal override bool IsForRoot => true;

    public override void Started(TrainingRun run)
    {
        model = new KeyValuePair<string, object?>("model", run.Plan.Model);
        if (TrainingTelemetry.Activities.StartActivity("modeldsl.training.run") is { } activity)
        {
            runActivity = activity.SetTag(model.Key, model.Value).SetTag("epochs", run.Plan.Epochs).SetTag("batch_size", run.Plan.BatchSize);
            if (run.History.Resumed is { } resumed)
                activity.SetTag("resumed_steps", resumed.Steps);
        }

        BeginEpoch();

        // A continued epoch includes the waiting before the interruption, which was reported then.
        if (run.History.Resumed is { EpochSteps: > 0 })
            waited = -1;
    }

    public override void StepEnded(TrainingRun run, in TrainingStep step)
    {
        Epoch(step.Epoch);
        Measure(run, in step);
    }

    public override void Validating(TrainingRun run)
    {
        var epoch = run.History.Epochs.Count + 1;
        Epoch(epoch);
        if (run.HasValidation)
            validationActivity = TrainingTelemetry.Activities.StartActivity("modeldsl.training.validation")?.SetTag(model.Key, model.Value).SetTag("epoch", epoch);
    }

    public override void EpochEnded(TrainingRun run, EpochResult epoch)
    {
        if (epoch.Validation is { } validation)
        {
            TrainingTelemetry.ValidationLoss.Record(validation.Loss, model);
            End(ref validationActivity, validation.Loss, validation.Metrics);
        }

        Epoch(epoch.Epoch);
        End(ref epochActivity, epoch.Loss, epoch.Metrics);
        BeginEpoch();
    }

    public override void Ended(TrainingRun run)
    {
        validationActivity?.Dispose();
        epochActivity?.Dispose();
        if (runActivity is null)
            return;
        runActivity.SetTag("steps", run.History.Steps);
        if (run.StopReason is { } reason)
            runActivity.SetTag("stop_reason", reason);
        else if (run.History.Epochs.Count < run.Plan.Epochs)
            runActivity.SetStatus(run.History.Cancelled ? ActivityStatusCode.Unset : ActivityStatusCode.Error, run.History.Cancelled ? null : "Training ended with an exception.");
        runActivity.Dispose();
    }

    private void BeginEpoch()
    {
        epochStart = DateTimeOffset.UtcNow;
        lastTime = Stopwatch.GetTimestamp();
        waited = 0;
    }

    /// <summary>Starts the activity of an epoch when its first step has ended, because only then is it known that the run does not end before.</summary>
    private void Epoch(int number)
    {
        if (epochActivity is not null || !TrainingTelemetry.Activities.HasListeners())
            return;
        epochActivity = TrainingTelemetry.Activities.StartActivity("modeldsl.training.epoch", ActivityKind.Internal, parentContext: default, startTime: epochStart)?
            .SetTag(model.Key, model.Value).SetTag("epoch", number);
    }

    private static void End(ref Activity? activity, double loss, IReadOnlyList<MetricValue> metrics)
    {
        if (activity is null)
            return;
        activity.SetTag("loss", loss);
        foreach (var metric in metrics)
            activity.SetTag(metric.Name, metric.Value);
        activity.Dispose();
        activity = null;
    }

    private void Measure(TrainingRun run, in TrainingStep step)
    {
        TrainingTelemetry.Steps.Add(1, model);
        TrainingTelemetry.Samples.Add(step.Samples, model);
        TrainingTelemetry.Loss.Record(step.Loss, model);
        TrainingTelemetry.LearningRate.Record(run.Optimizer.LearningRate, model);
        if (TrainingTelemetry.StepDuration.Enabled)
        {
            // The first step after a listener began has no beginning.
            var now = Stopwatch.GetTimestamp();
            if (lastTime != 0)
                TrainingTelemetry.StepDuration.Record(Stopwatch.GetElapsedTime(lastTime, now).TotalSeconds, model);
            lastTime = now;
        }
        else
        {
            lastTime = 0;
        }

        if (TrainingTelemetry.DataWait.Enabled && waited >= 0)
            TrainingTelemetry.DataWait.Add((double)(run.Epoch.Waited - waited) / Stopwatch.Frequency, model);
        waited = run.Epoch.Waited;
    }
}

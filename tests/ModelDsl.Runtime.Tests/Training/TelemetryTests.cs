using System.Diagnostics;
using System.Diagnostics.Metrics;
using ModelDsl.Runtime.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Training;

/// <summary>Listeners hear all runs of the process: other tests do not run at the same time, and the thread distinguishes runs.</summary>
[Collection(Alone)]
public sealed class TelemetryTests
{
    private const string Alone = "Telemetry";

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneCollection;

    [Fact]
    public void A_meter_counts_steps_and_samples_and_has_the_last_values()
    {
        var measured = new List<(string Name, double Value, string? Model)>();
        using var listener = Listener(measured);
        using var model = new LinearModel();
        var losses = new List<double>();
        var history = new Trainer(new Sgd(0.125)) { Epochs = 2, BatchSize = 20, View = TrainingView.None, Callbacks = [new Losses(losses)] }
            .Fit(model, TrainingData.Linear(64), TrainingData.Linear(32));

        double[] Of(string name) => [.. measured.Where(item => item.Name == name).Select(item => item.Value)];
        Assert.Equal(Enumerable.Repeat(1.0, 8), Of("modeldsl.training.steps"));
        Assert.Equal([20, 20, 20, 4, 20, 20, 20, 4], Of("modeldsl.training.samples"));
        Assert.Equal(losses, Of("modeldsl.training.loss"));
        Assert.Equal(Enumerable.Repeat(0.125, 8), Of("modeldsl.training.learning_rate"));
        Assert.Equal(history.Epochs.Select(epoch => epoch.ValidationLoss!.Value), Of("modeldsl.training.validation.loss"));
        Assert.Equal(8, Of("modeldsl.training.step.duration").Length);
        Assert.InRange(Of("modeldsl.training.step.duration").Sum(), 1e-9, history.Duration.TotalSeconds);
        Assert.Equal(8, Of("modeldsl.training.data_wait").Length);
        Assert.InRange(Of("modeldsl.training.data_wait").Sum(), 0, Of("modeldsl.training.step.duration").Sum());
        Assert.All(measured, item => Assert.Equal("LinearModel", item.Model));
    }

    [Fact]
    public void A_run_has_an_activity_with_epochs_and_validations_in_it()
    {
        var ended = new List<Activity>();
        using var listener = ActivityListener(ended);
        using var model = new TinyClassifier();
        var history = new Trainer(new Sgd(0.5)) { Epochs = 2, BatchSize = 8, View = TrainingView.None }.Fit(model, TrainingData.Sides(64), TrainingData.Sides(32, seed: 2));

        string[] names = ["validation", "epoch", "validation", "epoch", "run"];
        Assert.Equal(names.Select(name => $"modeldsl.training.{name}"), ended.Select(activity => activity.OperationName));
        var run = ended[4];
        Assert.Equal(("TinyClassifier", 2, 8, 16L, null), (run.GetTagItem("model"), run.GetTagItem("epochs"), run.GetTagItem("batch_size"), run.GetTagItem("steps"), run.GetTagItem("stop_reason")));
        Assert.Equal(ActivityStatusCode.Unset, run.Status);
        foreach (var result in history.Epochs)
        {
            var (validation, epoch) = (ended[(2 * result.Epoch) - 2], ended[(2 * result.Epoch) - 1]);
            Assert.Equal(run.SpanId, epoch.ParentSpanId);
            Assert.Equal(epoch.SpanId, validation.ParentSpanId);
            Assert.Equal((result.Epoch, result.Loss, result["accuracy"]), (epoch.GetTagItem("epoch"), epoch.GetTagItem("loss"), epoch.GetTagItem("accuracy")));
            Assert.Equal((result.Epoch, result.ValidationLoss, result.Validation!["accuracy"]), (validation.GetTagItem("epoch"), validation.GetTagItem("loss"), validation.GetTagItem("accuracy")));
            Assert.True(epoch.StartTimeUtc >= run.StartTimeUtc && epoch.StartTimeUtc <= validation.StartTimeUtc);
        }

        Assert.Null(Activity.Current);
    }

    [Fact]
    public void The_activity_of_a_run_is_a_child_of_the_one_of_the_host()
    {
        var ended = new List<Activity>();
        using var listener = ActivityListener(ended);
        using var host = new Activity("request").Start();
        using var model = new LinearModel();
        new Trainer(new Sgd(0.1)) { Epochs = 1, View = TrainingView.None }.Fit(model, TrainingData.Linear(64));

        Assert.Equal(host.SpanId, ended[^1].ParentSpanId);
        Assert.Same(host, Activity.Current);
    }

    [Fact]
    public void A_run_that_throws_has_the_status_of_an_error_and_one_that_stops_has_its_reason()
    {
        var ended = new List<Activity>();
        using var listener = ActivityListener(ended);
        using var model = new LinearModel();
        Assert.Throws<TimeoutException>(() => new Trainer(new Sgd(0.1)) { View = TrainingView.None, Callbacks = [new Recorder((_, _) => throw new TimeoutException())] }
            .Fit(model, TrainingData.Linear(64)));
        Assert.Equal(ActivityStatusCode.Error, ended[^1].Status);

        new Trainer(new Sgd(0.1)) { View = TrainingView.None, Callbacks = [new Recorder((run, _) => run.Stop("enough"))] }.Fit(model, TrainingData.Linear(64));
        Assert.Equal((ActivityStatusCode.Unset, "enough"), (ended[^1].Status, ended[^1].GetTagItem("stop_reason")));
    }

    [Fact]
    public void A_step_with_a_listener_allocates_nothing()
    {
        var sum = 0.0;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == TrainingTelemetry.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => sum += value);
        listener.Start();
        using var model = new LinearModel();
        var trainer = new Trainer(new Adam(1e-3)) { Epochs = 1, BatchSize = 4, View = TrainingView.None };
        var (few, many) = (TrainingData.Linear(400), TrainingData.Linear(8000));
        trainer.Fit(model, many);

        var difference = Allocation.Least(() => trainer.Fit(model, many)) - Allocation.Least(() => trainer.Fit(model, few));

        Assert.InRange(difference, 0, (7600 * sizeof(int)) + 1000);
        Assert.True(sum > 0);
    }

    private static MeterListener Listener(List<(string Name, double Value, string? Model)> measured)
    {
        var thread = Environment.CurrentManagedThreadId;
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == TrainingTelemetry.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (Environment.CurrentManagedThreadId == thread)
                measured.Add((instrument.Name, value, (string?)tags[0].Value));
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;
    }

    private static ActivityListener ActivityListener(List<Activity> ended)
    {
        var thread = Environment.CurrentManagedThreadId;
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == TrainingTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Environment.CurrentManagedThreadId == thread)
                    ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private sealed class Losses(List<double> losses) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep step) => losses.Add(step.Loss);
    }
}

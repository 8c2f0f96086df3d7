using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Runs;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Training.TensorBoard;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_has_the_results_of_its_epochs_and_steps()
    {
        var losses = new List<double>();
        using var model = new TinyClassifier();
        var history = new Trainer(new Sgd(0.5)) { Epochs = 2, BatchSize = 8, View = TrainingView.None, Callbacks = [new TensorBoardLog(folder.Path) { EverySteps = 4 }, new Losses(losses)] }
            .Fit(model, TrainingData.Sides(64), TrainingData.Sides(32, seed: 2));

        Assert.Equal(history.Epochs.Select(epoch => (8L * epoch.Epoch, (float)epoch.Loss)), EventReader.Scalars(folder.Path, "loss/train"));
        Assert.Equal(history.Epochs.Select(epoch => (8L * epoch.Epoch, (float)epoch.ValidationLoss!)), EventReader.Scalars(folder.Path, "loss/validation"));
        Assert.Equal(history.Epochs.Select(epoch => (8L * epoch.Epoch, (float)epoch["accuracy"])), EventReader.Scalars(folder.Path, "accuracy/train"));
        Assert.Equal(history.Epochs.Select(epoch => (8L * epoch.Epoch, (float)epoch.Validation!["accuracy"])), EventReader.Scalars(folder.Path, "accuracy/validation"));
        Assert.Equal(new[] { 4, 8, 12, 16 }.Select(step => ((long)step, (float)losses[step - 1])), EventReader.Scalars(folder.Path, "loss/step"));
        Assert.Equal([(4, 0.5f), (8, 0.5f), (12, 0.5f), (16, 0.5f)], EventReader.Scalars(folder.Path, "learning_rate/step"));
        Assert.Equal(4, EventReader.Scalars(folder.Path, "samples_per_second/step").Count(point => point.Value > 0));
        Assert.Equal(2, EventReader.Scalars(folder.Path, "samples_per_second/epoch").Count(point => point.Value > 0));
    }

    [Theory]
    [InlineData(2, new long[] { 2, 4, 6, 8 })]
    [InlineData(null, new long[] { 4, 8 })]
    public void Weights_and_gradients_are_histograms(int? everySteps, long[] steps)
    {
        using var model = new LinearModel();
        new Trainer(new Sgd(0.1)) { Epochs = 2, BatchSize = 16, View = TrainingView.None, Callbacks = [new TensorBoardLog(folder.Path) { EverySteps = everySteps, Histograms = true }] }
            .Fit(model, TrainingData.Linear(64));

        var histograms = EventReader.Values(folder.Path).Where(value => value.Value.Has(EventReader.Histogram)).ToLookup(value => value.Value.Text(EventReader.Tag));
        string[] expected = ["weights/dense1.weight", "weights/dense1.bias", "weights/scale", "gradients/dense1.weight", "gradients/dense1.bias"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), histograms.Select(group => group.Key).Order(StringComparer.Ordinal));
        Assert.All(histograms, group => Assert.Equal(steps, group.Select(value => value.Step)));
        var (weight, gradient) = (histograms["weights/dense1.weight"].Last().Value.Message(EventReader.Histogram), histograms["gradients/dense1.weight"].Last().Value.Message(EventReader.Histogram));
        Assert.Equal(model.Parameters["dense1.weight"].ToArray().Sum(value => (double)value), weight.Get<double>(4));
        Assert.Equal(model.Gradients["dense1.weight"].ToArray().Sum(value => (double)value), gradient.Get<double>(4));
    }

    [Fact]
    public void A_new_run_starts_at_step_0_and_a_continued_run_after_its_checkpoint()
    {
        ResumedRun Run() => new() { Callbacks = () => [new TensorBoardLog(At("log")) { EverySteps = 1 }], Checkpoint = new CheckpointOptions(At("run")) };
        using (var source = new CancellationTokenSource())
            Run().Fit(new Canceller(source) { Step = 7 }, source.Token);
        Run().Fit();

        var starts = EventReader.Files(At("log")).Select(file => EventReader.Events(file)[1]).ToArray();
        Assert.Equal([0L, 8], starts.Select(start => start.Get<long>(EventReader.Step)));
        Assert.All(starts, start => Assert.Equal(1, start.Message(EventReader.SessionLog).Get<long>(1)));
        Assert.Equal(Enumerable.Range(1, 30).Select(step => (long)step), EventReader.Scalars(At("log"), "loss/step").Select(point => point.Step));
        Assert.Single(EventReader.Values(At("log")), value => value.Value.Text(EventReader.Tag) == "_hparams_/session_end_info");
    }

    [Fact]
    public void The_hyperparameters_of_the_run_are_written_with_those_of_the_user()
    {
        using var model = new LinearModel(seed: 3);
        new Trainer(new Adam(0.25)) { Epochs = 1, BatchSize = 8, View = TrainingView.None, Callbacks = [new TensorBoardLog(folder.Path) { HyperParameters = new Dictionary<string, object> { ["width"] = 16 } }] }
            .Fit(model, TrainingData.Linear(64));

        var start = Assert.Single(EventReader.Values(folder.Path), value => value.Value.Text(EventReader.Tag) == "_hparams_/session_start_info").Value;
        var values = start.Path(EventReader.Metadata, 1, 2, 3).Messages(1).ToDictionary(entry => entry.Text(1), entry => entry.Message(2));
        Assert.Equal(("LinearModel", "Adam"), (values["model"].Text(3), values["optimizer"].Text(3)));
        Assert.Equal([0.25, 8, 1, 3, 0.9, 16], new[] { "learning rate", "batch size", "epochs", "seed", "Beta1", "width" }.Select(name => values[name].Get<double>(2)));
        Assert.DoesNotContain("ClipNorm", values.Keys);
    }

    [Fact]
    public void Other_callbacks_can_add_values_during_a_run()
    {
        using var model = new LinearModel();
        var log = new TensorBoardLog(folder.Path);
        Assert.Null(log.Writer);
        var recorder = new Recorder((run, _) => log.Writer!.AddText("note", "hello", run.History.Steps));
        new Trainer(new Sgd(0.1)) { Epochs = 1, View = TrainingView.None, Callbacks = [log, recorder] }.Fit(model, TrainingData.Linear(64));

        Assert.Single(EventReader.Values(folder.Path), value => value.Value.Text(EventReader.Tag) == "note");
        Assert.Null(log.Writer);
    }

    private string At(string name) => Path.Combine(folder.Path, name);

    private sealed class Losses(List<double> losses) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep step) => losses.Add(step.Loss);
    }
}

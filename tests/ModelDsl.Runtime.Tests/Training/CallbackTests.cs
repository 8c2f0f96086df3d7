using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Training;

public sealed class CallbackTests
{
    [Fact]
    public void Early_stopping_waits_its_patience_and_gives_back_the_best_weights_exactly()
    {
        using var model = new LinearModel();
        // Validation wants the opposite of training, so it is best after the first epoch.
        var recorder = new Recorder();
        var history = Fit(model, epochs: 50, recorder, new EarlyStopping(patience: 3));

        Assert.Equal(4, history.Epochs.Count);
        Assert.Equal(1, history.Best!.Epoch);
        Assert.Equal(recorder.Weights[0], Recorder.WeightsOf(model));
        Assert.NotEqual(recorder.Weights[3], Recorder.WeightsOf(model));
        Assert.StartsWith("3 epochs without improvement of the validation loss", history.StopReason, StringComparison.Ordinal);
        Assert.False(history.Cancelled);
    }

    [Fact]
    public void Early_stopping_can_leave_the_last_weights()
    {
        using var model = new LinearModel();
        var recorder = new Recorder();
        Fit(model, epochs: 50, recorder, new EarlyStopping(patience: 3) { RestoreBest = false });

        Assert.Equal(recorder.Weights[3], Recorder.WeightsOf(model));
    }

    [Fact]
    public void Early_stopping_can_be_used_again()
    {
        var stopping = new EarlyStopping(patience: 2);
        for (var i = 0; i < 2; i++)
        {
            using var model = new LinearModel();
            Assert.Equal(3, Fit(model, epochs: 50, stopping).Epochs.Count);
        }
    }

    [Fact]
    public void An_improvement_smaller_than_asked_for_is_none()
    {
        using var model = new LinearModel();
        var history = new Trainer(new Sgd(1e-4)) { Epochs = 50, View = TrainingView.None, Callbacks = [new EarlyStopping(2) { MinimumChange = 10 }] }
            .Fit(model, TrainingData.Linear(64));

        Assert.Equal(3, history.Epochs.Count);
    }

    [Fact]
    public void A_metric_can_be_monitored_and_an_unknown_one_is_named()
    {
        using var model = new LinearModel();

        Assert.Contains("validation mae", Fit(model, epochs: 50, new EarlyStopping(2) { Monitor = "mae" }).StopReason, StringComparison.Ordinal);
        Assert.Contains("'accuracy'", Assert.Throws<ArgumentException>(() =>
            Fit(model, epochs: 50, new EarlyStopping(2) { Monitor = "accuracy" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_model_is_saved()
    {
        using var folder = new TemporaryFolder();
        using var model = new LinearModel();
        var path = Path.Combine(folder.Path, "best.safetensors");
        var recorder = new Recorder();
        Fit(model, epochs: 3, recorder, new SaveBest(path));
        using var saved = LinearModel.FromFile(path);

        Assert.Equal(recorder.Weights[0], Recorder.WeightsOf(saved));
        Assert.Equal(recorder.Weights[2], Recorder.WeightsOf(model));
    }

    [Fact]
    public void A_plateau_lowers_the_learning_rate_down_to_its_minimum_and_the_optimizer_gets_its_own_back()
    {
        using var model = new LinearModel();
        var optimizer = new Sgd(0.1);
        var history = Fit(model, 8, optimizer, new ReduceOnPlateau(patience: 2, factor: 0.5) { MinimumFactor = 0.2 });

        Assert.Equal([0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.02], history.Epochs.Select(epoch => Math.Round(epoch.LearningRate, 12)));
        Assert.Equal(0.1, optimizer.LearningRate);
    }

    [Fact]
    public void A_callback_reads_the_gradients_of_each_step_and_is_called_before_each_validation()
    {
        using var model = new LinearModel();
        var reader = new GradientReader();
        Fit(model, epochs: 2, new Sgd(0.1), reader);

        // Two steps of 32 samples in each epoch.
        Assert.Equal(["step 1", "step 2", "validation", "epoch", "step 3", "step 4", "validation", "epoch"], reader.Calls);
        for (var step = 1; step < reader.Weights.Count; step++)
        {
            // Parameters that are trained come first.
            for (var i = 0; i < reader.Gradients[step - 1].Length; i++)
                Assert.Equal(reader.Weights[step - 1][i] - (0.1f * reader.Gradients[step - 1][i]), reader.Weights[step][i], 1e-6f);
        }

        Assert.All(reader.Gradients, static gradients => Assert.Contains(gradients, static value => Math.Abs(value) > 1e-3f));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_patience_below_one_is_rejected(int patience)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping(patience));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau(patience));
    }

    private static TrainingHistory Fit(Model model, int epochs, params TrainingCallback[] callbacks) => Fit(model, epochs, new Sgd(0.1), callbacks);

    private static TrainingHistory Fit(Model model, int epochs, Optimizer optimizer, params TrainingCallback[] callbacks)
    {
        var train = TrainingData.Linear(64);
        var inputs = new float[3 * 32];
        var targets = new float[2 * 32];
        for (var n = 0; n < 32; n++)
        {
            inputs[3 * n] = 1;
            (targets[2 * n], targets[(2 * n) + 1]) = (-100, 100);
        }

        return new Trainer(optimizer) { Epochs = epochs, View = TrainingView.None, Callbacks = callbacks }
            .Fit(model, train, Dataset.FromArrays(inputs, targets, targetLength: 2));
    }

    private sealed class GradientReader : TrainingCallback
    {
        public List<string> Calls { get; } = [];

        public List<float[]> Weights { get; } = [];

        public List<float[]> Gradients { get; } = [];

        public override void Started(TrainingRun run) => Weights.Add(Recorder.WeightsOf(run.Model));

        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            Calls.Add($"step {step.Number}");
            Gradients.Add([.. run.Model.Gradients.SelectMany(static gradient => gradient.ToArray())]);
            Weights.Add(Recorder.WeightsOf(run.Model));
        }

        public override void Validating(TrainingRun run) => Calls.Add("validation");

        public override void EpochEnded(TrainingRun run, EpochResult epoch) => Calls.Add("epoch");
    }
}

using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Training;

public sealed class AverageWeightsTests
{
    [Fact]
    public void The_exponential_average_is_that_of_the_weights_after_every_step()
    {
        using var model = new LinearModel();
        var steps = new Steps();
        Fit(model, epochs: 3, steps, AverageWeights.Exponential(0.9));

        var expected = steps.Start;
        for (var t = 0; t < steps.Weights.Count; t++)
        {
            var share = (float)(1 - Math.Min(0.9, (1.0 + t) / (10.0 + t)));
            for (var i = 0; i < expected.Length; i++)
                expected[i] += share * (steps.Weights[t][i] - expected[i]);
        }

        Assert.True(steps.Weights.Count >= 6, $"{steps.Weights.Count} steps");
        Assert.Equal(expected, Recorder.WeightsOf(model));
    }

    [Fact]
    public void The_equal_average_is_the_mean_of_epochs()
    {
        using var model = new LinearModel();
        var recorder = new Recorder();

        // Before the average in the list: the recorder sees the average at the end of epochs. After it, the weights that are trained.
        var trained = new Recorder();
        Fit(model, epochs: 5, recorder, AverageWeights.Equal(fromEpoch: 3), trained);

        var expected = new float[trained.Weights[0].Length];
        for (var i = 0; i < expected.Length; i++)
            expected[i] = (trained.Weights[2][i] + trained.Weights[3][i] + trained.Weights[4][i]) / 3;
        Close(expected, Recorder.WeightsOf(model));
        Close(expected, recorder.Weights[4]);
        Assert.Equal(recorder.Weights[1], trained.Weights[1]);
        Assert.NotEqual(recorder.Weights[4], trained.Weights[4]);
    }

    [Fact]
    public void Training_goes_on_with_its_own_weights()
    {
        using var averaged = new LinearModel();
        using var plain = new LinearModel();
        var (one, other) = (new Recorder(), new Recorder());
        Fit(averaged, epochs: 4, AverageWeights.Exponential(0.99), one);
        Fit(plain, epochs: 4, other);

        Assert.Equal(other.Weights, one.Weights);
        Assert.NotEqual(Recorder.WeightsOf(plain), Recorder.WeightsOf(averaged));
    }

    [Fact]
    public void Validation_measures_the_average()
    {
        using var model = new LinearModel();
        var data = TrainingData.Linear(64);
        var history = new Trainer(new Sgd(0.05)) { Epochs = 2, View = TrainingView.None, Callbacks = [AverageWeights.Exponential(0.9)] }.Fit(model, data, data);

        // At the end the model has the average that was measured last.
        Assert.Equal(new Trainer(new Sgd()) { View = TrainingView.None }.Evaluate(model, data).Loss, history.Last!.Validation!.Loss);
    }

    [Fact]
    public void Steps_are_numbered_through_the_run_with_their_losses()
    {
        using var model = new LinearModel();
        var steps = new Steps();
        Fit(model, epochs: 2, steps);

        Assert.Equal(Enumerable.Range(1, steps.All.Count).Select(number => (long)number), steps.All.Select(step => step.Number));
        Assert.Equal([1, 2], steps.All.Select(step => step.Epoch).Distinct());
        Assert.All(steps.All, step => Assert.True(step.Loss > 0 && step.Samples > 0));
    }

    private static void Fit(Model model, int epochs, params TrainingCallback[] callbacks) =>
        new Trainer(new Sgd(0.05)) { Epochs = epochs, View = TrainingView.None, Callbacks = callbacks }.Fit(model, TrainingData.Linear(64));

    private static void Close(float[] expected, float[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f);
    }

    private sealed class Steps : TrainingCallback
    {
        public float[] Start { get; private set; } = [];

        public List<float[]> Weights { get; } = [];

        public List<TrainingStep> All { get; } = [];

        public override void Started(TrainingRun run) => Start = Recorder.WeightsOf(run.Model);

        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            Weights.Add(Recorder.WeightsOf(run.Model));
            All.Add(step);
        }
    }
}

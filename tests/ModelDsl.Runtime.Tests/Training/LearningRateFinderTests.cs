using ModelDsl.Runtime.Tests.Runs;

namespace ModelDsl.Runtime.Tests.Training;

[Model, Input(3), Dense(2), MeanSquaredError]
internal sealed partial class LineNet;

public sealed class LearningRateFinderTests
{
    [Fact]
    public void The_model_and_the_optimizer_are_as_before()
    {
        using var searched = new ResumedNet(seed: 4);
        using var plain = new ResumedNet(seed: 4);
        var data = ResumedRun.Pictures(70, 1);
        var (one, other) = (new Adam(1e-2), new Adam(1e-2));
        Fit(searched, one);
        Fit(plain, other);
        var before = UndoTests.Values(searched);
        var trainer = new Trainer(one) { BatchSize = 16, AccumulateSteps = 2, View = TrainingView.None };
        var curve = new LearningRateFinder { Steps = 30 }.Run(searched, trainer, data);
        Assert.NotEmpty(curve.Points);
        Assert.Equal(before, UndoTests.Values(searched));
        Assert.Equal(1e-2, one.LearningRate);

        // States of the optimizer, masks of dropout and orders of samples are those of a run without a search.
        Fit(searched, one);
        Fit(plain, other);
        Assert.Equal(UndoTests.Values(plain), UndoTests.Values(searched));

        void Fit(Model model, Optimizer optimizer) => new Trainer(optimizer) { Epochs = 2, BatchSize = 16, View = TrainingView.None }.Fit(model, data);
    }

    [Fact]
    public void The_rate_increases_exponentially_until_the_loss_diverges()
    {
        using var model = new LineNet(seed: 1);
        var trainer = new Trainer(new Sgd()) { BatchSize = 16, View = TrainingView.None };
        var curve = new LearningRateFinder { From = 1e-4, To = 1000, Steps = 60, Smoothing = 0.5 }.Run(model, trainer, TrainingData.Linear(256));
        Assert.True(curve.Diverged);
        Assert.InRange(curve.Points.Count, 20, 59);
        for (var i = 0; i < curve.Points.Count; i++)
            Assert.Equal(1e-4 * Math.Pow(1e7, i / 59.0), curve.Points[i].LearningRate, 1e-9 * curve.Points[i].LearningRate);

        // The running mean, with the correction for its first terms.
        var mean = 0.0;
        for (var i = 0; i < curve.Points.Count; i++)
        {
            mean = (0.5 * mean) + (0.5 * curve.Points[i].Loss);
            Assert.Equal(mean / (1 - Math.Pow(0.5, i + 1)), curve.Points[i].Smoothed, 1e-12 * Math.Abs(mean));
        }
    }

    [Fact]
    public void The_suggestion_trains_and_lies_at_the_steepest_descent()
    {
        using var model = new LineNet(seed: 1);
        var trainer = new Trainer(new Sgd()) { Epochs = 5, BatchSize = 16, View = TrainingView.None };
        var data = TrainingData.Linear(256);
        var curve = new LearningRateFinder { From = 1e-4 }.Run(model, trainer, data);
        var rate = Assert.NotNull(curve.Suggestion);
        Assert.InRange(rate, 0.01, 2);
        trainer.Optimizer.LearningRate = rate;
        var history = trainer.Fit(model, data);
        Assert.True(history.Last!.Loss < history.Epochs[0].Loss / 2);
    }

    [Fact]
    public void A_loss_that_never_decreases_gives_no_suggestion()
    {
        using var model = new LineNet(seed: 1);
        var trainer = new Trainer(new Sgd()) { BatchSize = 8, Shuffle = false, View = TrainingView.None };
        var data = TrainingData.Linear(8);
        var curve = new LearningRateFinder { From = 1e-30, To = 1e-29, Steps = 10, Smoothing = 0 }.Run(model, trainer, data);
        Assert.Equal(10, curve.Points.Count);
        Assert.False(curve.Diverged);
        Assert.Null(curve.Suggestion);
    }

    [Fact]
    public void Mistakes_are_errors_that_leave_the_model_unchanged()
    {
        using var model = new LineNet(seed: 1);
        var before = UndoTests.Values(model);
        var trainer = new Trainer(new Sgd(0.25)) { View = TrainingView.None };
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateFinder { Steps = 9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateFinder { From = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateFinder { Divergence = 1 });
        Assert.Throws<InvalidOperationException>(() => new LearningRateFinder { From = 1, To = 0.5 }.Run(model, trainer, TrainingData.Linear(8)));
        Assert.Throws<ArgumentException>(() => new LearningRateFinder().Run(model, trainer, TrainingData.Sides(8)));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new LearningRateFinder().Run(model, trainer, TrainingData.Linear(8), cancelled.Token));
        Assert.Equal(before, UndoTests.Values(model));
        Assert.Equal(0.25, trainer.Optimizer.LearningRate);
    }
}

using ModelDsl.Runtime.Tests.Data.Images;
using ModelDsl.Runtime.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Training;

public sealed class TrainerTests
{
    [Fact]
    public void A_model_learns_and_the_history_tells_each_epoch()
    {
        using var model = new TinyClassifier();
        var history = Quiet(new Sgd(1), epochs: 5).Fit(model, TrainingData.Sides(1000), TrainingData.Sides(200, seed: 2));

        Assert.Equal([1, 2, 3, 4, 5], history.Epochs.Select(epoch => epoch.Epoch));
        Assert.True(history.Last!.Loss < history.Epochs[0].Loss);
        Assert.True(history.Last.ValidationLoss < history.Epochs[0].ValidationLoss);
        Assert.InRange(history.Last["accuracy"], 0.95, 1);
        Assert.InRange(history.Last.Validation!["accuracy"], 0.95, 1);
        Assert.Same(history.Best, history.Last);
        Assert.Equal(5 * 32, history.Steps);
        Assert.All(history.Epochs, epoch => Assert.True(epoch is { Seconds: > 0, SamplesPerSecond: > 0, LearningRate: 1 }));
        Assert.False(history.Cancelled);
        Assert.Null(history.StopReason);
        Assert.True(history.Duration > TimeSpan.Zero);
    }

    [Fact]
    public void Fit_does_the_steps_that_a_loop_in_ones_own_hands_does()
    {
        using var fitted = new LinearModel(seed: 3);
        using var stepped = new LinearModel(seed: 3);
        var data = TrainingData.Linear(100);
        Quiet(new Adam(0.01), epochs: 3).Fit(fitted, data);

        var optimizer = new Adam(0.01);
        var batches = data.Batches(32, shuffle: true, seed: 0);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            foreach (var batch in batches)
            {
                stepped.Forward(batch);
                stepped.Backward(batch);
                optimizer.Update(stepped);
            }
        }

        Assert.Equal(Recorder.WeightsOf(stepped), Recorder.WeightsOf(fitted));
    }

    [Fact]
    public void The_share_of_time_spent_waiting_for_data_is_told()
    {
        using var model = new TinyClassifier();
        var slow = new ManyThreads(TrainingData.Sides(64), threads: 1, _ => Thread.Sleep(1));
        foreach (var prefetch in new[] { false, true })
        {
            var history = new Trainer(new Sgd(1)) { Epochs = 1, BatchSize = 8, Prefetch = prefetch, View = TrainingView.None }.Fit(model, slow);
            Assert.InRange(history.Last!.DataShare, 0.5, 1);
        }

        var quick = Quiet(new Sgd(1), epochs: 1).Fit(model, TrainingData.Sides(64));
        Assert.InRange(quick.Last!.DataShare, 0, 1);
    }

    [Fact]
    public void The_mean_loss_counts_the_last_partial_batch_by_its_samples()
    {
        using var model = new LinearModel();
        // Nothing moves without a learning rate, so the mean over batches must be that over all samples at once.
        var data = TrainingData.Linear(70);
        var history = new Trainer(new Sgd(0)) { Epochs = 1, BatchSize = 32, View = TrainingView.None }.Fit(model, data, data);
        var whole = Assert.Single(data.Batches(70));
        model.Forward(whole);

        Assert.Equal(model.LastLoss, history.Last!.Loss, 6);
        Assert.Equal(model.LastLoss, history.Last.ValidationLoss!.Value, 6);
    }

    [Fact]
    public void Evaluation_gives_loss_metrics_and_samples_and_changes_nothing()
    {
        using var model = new TinyClassifier();
        var before = Recorder.WeightsOf(model);
        var matrix = new ConfusionMatrix();
        var score = Quiet(new Sgd(1)).Evaluate(model, TrainingData.Sides(70), matrix, new F1Score());

        Assert.Equal(70, score.Samples);
        Assert.Equal(70, matrix.Total);
        Assert.Equal(matrix.Result, score["accuracy"]);
        Assert.Equal(matrix.F1(Average.Macro), score["f1"]);
        Assert.Equal(before, Recorder.WeightsOf(model));
        Assert.StartsWith($"loss {score.Loss:0.0000}, accuracy ", score.ToString(), StringComparison.Ordinal);
        Assert.Contains("'accuracy', 'f1'", Assert.Throws<ArgumentException>(() => score["auc"]).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Prefetching_does_not_change_the_result(bool shuffle)
    {
        var weights = new List<float[]>();
        foreach (var prefetch in new[] { false, true })
        {
            using var model = new LinearModel();
            new Trainer(new Adam(0.01)) { Epochs = 3, Shuffle = shuffle, Seed = 4, Prefetch = prefetch, View = TrainingView.None }.Fit(model, TrainingData.Linear(100));
            weights.Add(Recorder.WeightsOf(model));
        }

        Assert.Equal(weights[0], weights[1]);
    }

    [Fact]
    public void A_share_of_the_training_data_can_be_kept_for_validation()
    {
        using var model = new LinearModel();
        var history = new Trainer(new Sgd(0.1)) { Epochs = 1, ValidationSplit = 0.2, View = TrainingView.None }.Fit(model, TrainingData.Linear(100));

        Assert.Equal(20, history.Last!.Validation!.Samples);
        Assert.Equal(3, history.Steps);
    }

    [Fact]
    public void A_stream_trains_a_model()
    {
        using var model = new TinyClassifier();
        var layout = new SampleLayout<int>().Input(2, (i, row) => (row[0], row[1]) = (i % 2, 1 - (i % 2))).Label(i => i % 2);
        var history = Quiet(new Sgd(1), epochs: 2).Fit(model, StreamingDataset.From(Numbers(), layout));

        Assert.Equal(1, history.Last!["accuracy"]);
        Assert.Equal(2 * 4, history.Steps);

        static async IAsyncEnumerable<int> Numbers()
        {
            await Task.Yield();
            for (var i = 0; i < 100; i++)
                yield return i;
        }
    }

    [Fact]
    public void Cancelling_returns_the_history_so_far_and_the_weights_of_the_moment()
    {
        using var cancellation = new CancellationTokenSource();
        using var model = new LinearModel();
        var recorder = new Recorder((_, epoch) =>
        {
            if (epoch.Epoch == 2)
                cancellation.Cancel();
        });
        var history = Quiet(new Sgd(0.1), epochs: 100, callback: recorder).Fit(model, TrainingData.Linear(64), cancellation: cancellation.Token);

        Assert.True(history.Cancelled);
        Assert.Null(history.StopReason);
        Assert.Equal(2, history.Epochs.Count);
        Assert.Equal(recorder.Weights[1], Recorder.WeightsOf(model));
        Assert.Equal(["run started", "epoch 1", "epoch 2", "run ended"], recorder.Events);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cancelling_within_an_epoch_leaves_that_epoch_out(bool prefetch)
    {
        using var cancellation = new CancellationTokenSource();
        using var model = new LinearModel();
        var passes = 0;
        model.Program.OnPass = _ =>
        {
            // Each step passes twice, so this is within the second step of the second epoch of four.
            if (++passes == 11)
                cancellation.Cancel();
        };
        var history = new Trainer(new Sgd(0.1)) { Epochs = 9, BatchSize = 16, Prefetch = prefetch, View = TrainingView.None }
            .Fit(model, TrainingData.Linear(64), cancellation: cancellation.Token);

        Assert.True(history.Cancelled);
        Assert.Single(history.Epochs);
        Assert.Equal(6, history.Steps);
    }

    [Fact]
    public void A_token_cancelled_before_gives_an_empty_history()
    {
        using var model = new LinearModel();
        var history = Quiet(new Sgd(0.1)).Fit(model, TrainingData.Linear(64), cancellation: new CancellationToken(canceled: true));

        Assert.True(history.Cancelled);
        Assert.Empty(history.Epochs);
        Assert.Null(history.Last);
        Assert.Null(history.Best);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_loss_that_is_not_finite_names_epoch_and_step_and_spares_the_weights(float bad)
    {
        using var model = new LinearModel();
        var good = TrainingData.Linear(64);
        var inputs = new float[3 * 64];
        inputs[3 * 40] = bad;
        var recorder = new Recorder();
        var trainer = new Trainer(new Sgd(0.1)) { BatchSize = 16, Shuffle = false, View = TrainingView.None, Callbacks = [recorder] };
        var before = Recorder.WeightsOf(model);
        var exception = Assert.Throws<NonFiniteLossException>(() => trainer.Fit(model, Dataset.FromArrays(inputs, new float[2 * 64], targetLength: 2)));

        Assert.Equal((1, 3), (exception.Epoch, exception.Step));
        Assert.Contains("LinearModel", exception.Message, StringComparison.Ordinal);
        Assert.Contains("epoch 1, step 3", exception.Message, StringComparison.Ordinal);
        Assert.Empty(exception.History.Epochs);
        Assert.Equal(2, exception.History.Steps);
        Assert.All(Recorder.WeightsOf(model), weight => Assert.True(float.IsFinite(weight)));
        Assert.NotEqual(before, Recorder.WeightsOf(model));
        Assert.Equal("run ended", recorder.Events[^1]);
        // The model is free for other use again.
        trainer.Fit(model, good);
    }

    [Fact]
    public void Training_goes_on_with_a_bad_loss_when_asked_to()
    {
        using var model = new LinearModel();
        var inputs = new float[3 * 64];
        inputs[0] = float.NaN;
        var history = new Trainer(new Sgd(0.1)) { Epochs = 2, StopOnNonFiniteLoss = false, View = TrainingView.None }
            .Fit(model, Dataset.FromArrays(inputs, new float[2 * 64], targetLength: 2));

        Assert.Equal(2, history.Epochs.Count);
        Assert.True(double.IsNaN(history.Last!.Loss));
    }

    [Fact]
    public void Data_that_does_not_fit_is_named_beside_the_model_before_the_first_step()
    {
        using var model = new TinyClassifier();
        var message = Assert.Throws<ArgumentException>(() => Quiet(new Sgd(1)).Fit(model, TrainingData.Linear(10))).Message;

        Assert.Contains("TinyClassifier takes 'input' (float × 2), 'label' (int)", message, StringComparison.Ordinal);
        Assert.Contains("the training data gives 'input' (float × 3), 'target' (float × 2)", message, StringComparison.Ordinal);
        Assert.Contains("give them as int[]", message, StringComparison.Ordinal);
        Assert.Contains("validation data", Assert.Throws<ArgumentException>(() =>
            Quiet(new Sgd(1)).Fit(model, TrainingData.Sides(10), TrainingData.Linear(10))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_data_and_wrong_labels_are_rejected()
    {
        using var model = new TinyClassifier();

        Assert.Contains("no samples", Assert.Throws<ArgumentException>(() =>
            Quiet(new Sgd(1)).Fit(model, TrainingData.Sides(10).Take(0))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Quiet(new Sgd(1)).Fit(model, Dataset.FromArrays(new float[4], [0, 2])));
    }

    [Fact]
    public void Metrics_that_look_at_missing_outputs_or_targets_are_rejected()
    {
        using var model = new TinyClassifier();
        var data = TrainingData.Sides(10);

        Assert.Throws<ArgumentException>(() => Quiet(new Sgd(1)).Evaluate(model, data, new Accuracy { Output = 1 }));
        Assert.Throws<ArgumentException>(() => Quiet(new Sgd(1)).Evaluate(model, data, new Accuracy { Target = 1 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Options_out_of_range_are_rejected(int value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(new Sgd(1)) { Epochs = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(new Sgd(1)) { BatchSize = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(new Sgd(1)) { EvaluationBatchSize = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(new Sgd(1)) { ValidationSplit = 1 - value });
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        using var model = new LinearModel();
        var trainer = new Trainer(new Adam(1e-3)) { Epochs = 1, BatchSize = 4, View = TrainingView.None };
        var (few, many) = (TrainingData.Linear(400), TrainingData.Linear(8000));
        trainer.Fit(model, many);

        // What a run allocates once is the same for 100 and 2,000 steps; only the shuffled order is longer.
        var difference = Allocation.Least(() => trainer.Fit(model, many)) - Allocation.Least(() => trainer.Fit(model, few));

        Assert.InRange(difference, 0, (7600 * sizeof(int)) + 1000);
    }

    private static Trainer Quiet(Optimizer optimizer, int epochs = 1, params TrainingCallback[] callback) =>
        new(optimizer) { Epochs = epochs, View = TrainingView.None, Callbacks = callback };
}

using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Training;

namespace ModelDsl.Runtime.Tests.Runs;

/// <summary>Checkpoints of a custom loop.</summary>
public sealed class CheckpointedRunTests : IDisposable
{
    private const int Epochs = 5;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true, 7, 1)]
    [InlineData(true, null, 1)]
    [InlineData(false, 7, 1)]
    [InlineData(true, 7, 2)]
    public void A_loop_that_is_stopped_anywhere_and_resumed_has_the_same_bits(bool shuffle, int? seed, int accumulate)
    {
        var expected = Loop("whole", shuffle, seed, accumulate, stop: int.MaxValue);
        string? result = null;
        var pieces = 0;
        for (var stop = 1; result is null; stop = (stop % 8) + 2, pieces++)
            result = Loop("stopped", shuffle, seed, accumulate, stop);
        Assert.True(pieces >= 3);
        Assert.Equal(expected, result);
    }

    [Fact]
    public void Several_losses_with_their_optimizers_are_restored()
    {
        string? Run(string name, int stop)
        {
            using var model = new TwoLosses(seed: 2);
            var (first, second) = (new Adam(1e-2), new RmsProp(1e-3, momentum: 0.9));
            var random = new Random(1);
            var data = Dataset.FromColumns(
                DataColumn.Floats("x", Enumerable.Range(0, 40 * 4).Select(_ => random.NextSingle()).ToArray(), 4),
                DataColumn.Floats("target", Enumerable.Range(0, 40 * 3).Select(_ => random.NextSingle()).ToArray(), 3));
            using var run = new CheckpointedRun(new(At(name)) { EverySteps = 3 }, model, data.Batches(8, shuffle: true, seed: 1), [first, second]);
            while (run.Epochs < 3)
            {
                foreach (var batch in run.Batches())
                {
                    model.BackwardFirstLoss(batch);
                    first.Update(model.First);
                    model.BackwardSecondLoss(batch);
                    second.Update(model.Second);
                    run.StepEnded();
                    if (--stop == 0)
                        return null;
                }
            }

            return string.Join(' ', Recorder.WeightsOf(model));
        }

        var expected = Run("whole", int.MaxValue);

        // Only every third step is saved, so the steps after it are repeated.
        Assert.Null(Run("stopped", 4));
        Assert.Null(Run("stopped", 7));
        Assert.Equal(expected, Run("stopped", int.MaxValue));
    }

    [Fact]
    public void An_object_of_the_loop_is_restored()
    {
        var saved = new Counter { Value = 5 };
        using var model = new ResumedNet(1);
        var batches = ResumedRun.Pictures(20, 1).Batches(5);
        using (var run = new CheckpointedRun(new(At("run")), model, batches, [], saved))
            run.Save();
        var restored = new Counter();
        using var resumed = new CheckpointedRun(new(At("run")), model, batches, [], restored);
        Assert.Equal(5, restored.Value);
        Assert.Equal(At("run/step-00000000"), resumed.Checkpoint);
    }

    [Fact]
    public void A_loop_with_another_batch_size_is_an_error()
    {
        using var model = new ResumedNet(1);
        var data = ResumedRun.Pictures(20, 1);
        using (var run = new CheckpointedRun(new(At("run")), model, data.Batches(5), [new Adam()]))
            run.Save();
        Assert.Contains("the batch size is 5 in the checkpoint, but 4 now", Assert.Throws<CheckpointMismatchException>(
            () => new CheckpointedRun(new(At("run")), model, data.Batches(4), [new Adam()])).Message, StringComparison.Ordinal);

        // The folder is free again.
        using var again = new CheckpointedRun(new(At("run")), model, data.Batches(5), [new Adam()]);
    }

    [Fact]
    public void The_best_model_is_for_Fit_only()
    {
        using var model = new ResumedNet(1);
        Assert.Contains("Trainer.Fit", Assert.Throws<ArgumentException>(
            () => new CheckpointedRun(new(At("run")) { KeepBest = "loss" }, model, ResumedRun.Pictures(20, 1).Batches(5), [])).Message, StringComparison.Ordinal);
    }

    private string? Loop(string name, bool shuffle, int? seed, int accumulate, int stop)
    {
        using var model = new ResumedNet(seed: 3);
        var optimizer = new Adam(1e-2);
        using var accumulator = new GradientAccumulator(model);
        var batches = ResumedRun.Pictures(70, 1).Batches(16, shuffle, seed);
        using var run = new CheckpointedRun(new(At(name)), model, batches, [optimizer]);
        while (run.Epochs < Epochs)
        {
            foreach (var batch in run.Batches())
            {
                model.Forward(batch);
                model.Backward(batch);
                accumulator.Add();
                if (accumulator.Batches == accumulate && Updated())
                    return null;
            }

            // The last update of an epoch has the batches that remain.
            if (accumulator.Batches > 0 && Updated())
                return null;
        }

        return $"{string.Join(' ', Recorder.WeightsOf(model))} {run.Steps}";

        bool Updated()
        {
            accumulator.WriteMean();
            optimizer.LearningRate = 1e-2 / (1 + run.Steps);
            optimizer.Update(model);
            run.StepEnded();
            if (--stop > 0)
                return false;
            run.Save();
            return true;
        }
    }

    private string At(string name) => Path.Combine(folder.Path, name);

    private sealed class Counter : ICheckpointState
    {
        public long Value { get; set; }

        public void SaveState(CheckpointWriter writer) => writer.Write(nameof(Value), Value);

        public void RestoreState(CheckpointReader reader) => Value = reader.GetInt64(nameof(Value));
    }
}

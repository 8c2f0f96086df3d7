using ModelDsl.Devices;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Models;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Training;

[Model, Input(3), Dense(7), Tanh, Dense(2), MeanSquaredError]
internal sealed partial class SmoothNet;

[Model, TokenInput(3, 11), Embedding(19, SparseUpdates = true), MeanSquaredError]
internal sealed partial class AccumulatedTable;

[Model, TokenInput(3, 11), Embedding(19), MeanSquaredError]
internal sealed partial class AccumulatedDenseTable;

[Model, TokenInput(4, 9, Padding = 0), Embedding(6), Dense(3), SoftmaxCrossEntropy(Ignore = -1)]
internal sealed partial class PartlyLabelled;

/// <summary>Gradients of several batches are those of one large batch.</summary>
public sealed class AccumulationTests
{
    /// <summary>The difference that sums of floats in another order make in weights of about 1.</summary>
    private const float Rounding = 2e-6f;

    [Fact]
    public void Four_batches_of_eight_train_like_one_of_thirty_two()
    {
        using var large = new SmoothNet(seed: 1);
        using var small = new SmoothNet(seed: 1);
        var data = TrainingData.Linear(150);
        var expected = Fit(large, data, batchSize: 32, accumulate: 1);
        var actual = Fit(small, data, batchSize: 8, accumulate: 4);

        Close(UndoTests.Values(large), UndoTests.Values(small), Rounding);
        Assert.Equal(expected.History.Steps, actual.History.Steps);
        Assert.Equal(15, actual.History.Steps);
        Assert.Equal(expected.Rates, actual.Rates);
        Assert.Equal([32, 32, 32, 32, 22], actual.Samples.Take(5));
        Assert.Equal(expected.Samples, actual.Samples);
        for (var i = 0; i < 15; i++)
            Assert.Equal(expected.Losses[i], actual.Losses[i], 1e-5);
        for (var epoch = 0; epoch < 3; epoch++)
            Assert.Equal(expected.History.Epochs[epoch].Loss, actual.History.Epochs[epoch].Loss, 1e-5);
    }

    [Fact]
    public void The_mean_is_that_of_all_samples_in_double_precision()
    {
        using var model = new SmoothNet(seed: 1);
        using var accumulator = new GradientAccumulator(model);
        var sums = model.Gradients.Select(static gradient => new double[gradient.Count]).ToArray();
        var samples = 0;
        foreach (var count in (int[])[8, 5, 3])
        {
            Step(model, Samples(count, seed: count));
            foreach (var (index, gradient) in model.Gradients.Index())
            {
                foreach (var (i, value) in gradient.ToArray().Index())
                    sums[index][i] += (double)value * count;
            }

            accumulator.Add();
            samples += count;
            Assert.Equal(count == 8 ? 1 : count == 5 ? 2 : 3, accumulator.Batches);
        }

        accumulator.WriteMean();
        Assert.Equal(0, accumulator.Batches);
        foreach (var (index, gradient) in model.Gradients.Index())
            Close([.. sums[index].Select(sum => (float)(sum / samples))], gradient.ToArray(), 1e-7f);
    }

    [Fact]
    public void A_single_batch_keeps_the_bits_of_its_gradients()
    {
        using var model = new SmoothNet(seed: 1);
        Step(model, Samples(7, seed: 1));
        var before = Gradients(model);
        using var accumulator = new GradientAccumulator(model);
        accumulator.Add();
        accumulator.WriteMean();
        Assert.Equal(before, Gradients(model));
    }

    [Fact]
    public void The_limit_of_the_norm_acts_on_the_mean()
    {
        using var large = new SmoothNet(seed: 1);
        using var small = new SmoothNet(seed: 1);
        var (first, second) = (Samples(8, seed: 1), Samples(8, seed: 2));
        Step(large, Batch.Of(16, [.. first.Floats(0), .. second.Floats(0)], [.. first.Floats(1), .. second.Floats(1)]));
        Accumulate(small, first, second);
        new Sgd(1) { ClipNorm = 0.1 }.Update(large);
        new Sgd(1) { ClipNorm = 0.1 }.Update(small);
        Close(UndoTests.Values(large), UndoTests.Values(small), Rounding);
    }

    [Fact]
    public void Sparse_updates_are_those_of_all_rows_that_the_batches_name()
    {
        int[][] ids = [[0, 3, 3, 5, 0, 0], [1, 3, 8, 1, 1, 1], [5, 5, 8, 0, 3, 5]];
        using var sparse = new AccumulatedTable(seed: 1);
        using var dense = new AccumulatedDenseTable(seed: 1);
        var start = sparse.Parameters[0].ToArray();
        for (var update = 0; update < 3; update++)
        {
            foreach (var model in (Model[])[sparse, dense])
            {
                Accumulate(model, Tokens(ids[update]), Tokens(ids[(update + 1) % 3]));
                new Sgd(0.5) { ClipNorm = 1 }.Update(model);
            }

            Assert.Equal(Gradients(dense), Gradients(sparse));
        }

        Assert.Equal(dense.Parameters[0].ToArray(), sparse.Parameters[0].ToArray());

        // Rows that no batch names keep their bits with running means too, and have no gradient after the next backward pass.
        var (after, optimizer) = (sparse.Parameters[0].ToArray(), new Adam(0.1));
        Accumulate(sparse, Tokens([1, 1, 1, 2, 2, 2]), Tokens([4, 4, 4, 4, 4, 4]));
        optimizer.Update(sparse);
        Step(sparse, Tokens([9, 9, 9, 9, 9, 9]));
        optimizer.Update(sparse);
        for (var row = 0; row < 11; row++)
        {
            var range = (row * 19)..((row + 1) * 19);
            Assert.Equal(row is 1 or 2 or 4 or 9, !after[range].SequenceEqual(sparse.Parameters[0].ToArray()[range]));
            Assert.Equal(row == 9, sparse.Gradients[0].ToArray()[range].Any(static value => value != 0));
            Assert.Equal(row is 6 or 7 or 10, start[range].SequenceEqual(sparse.Parameters[0].ToArray()[range]));
        }
    }

    [Fact]
    public void Labels_that_do_not_count_have_no_part_in_the_mean()
    {
        using var large = new PartlyLabelled(seed: 1);
        using var small = new PartlyLabelled(seed: 1);
        int[] firstIds = [1, 2, 3, 0, 4, 0, 0, 0], firstLabels = [0, 1, 2, 0, -1, 0, 0, 0];
        int[] secondIds = [5, 6, 7, 8, 1, 2, 3, 4], secondLabels = [2, 2, 0, 1, 1, 1, 0, 2];
        Step(large, Batch.Of(4, [.. firstIds, .. secondIds], (int[])[.. firstLabels, .. secondLabels]));
        Accumulate(small, Batch.Of(2, firstIds, firstLabels), Batch.Of(2, secondIds, secondLabels));
        Close(Gradients(large), Gradients(small), 1e-7f);
    }

    [Theory]
    [InlineData(512, 3)]
    [InlineData(256, 2)]
    [InlineData(128, 4)]
    public void Threads_and_vectors_change_no_bits(int bits, int threads)
    {
        using var one = new CpuDevice { Threads = 1 };
        using var other = new CpuDevice { Threads = threads, VectorBits = bits };
        Assert.Equal(Mean(one), Mean(other));

        static float[] Mean(CpuDevice device)
        {
            using var model = new Support.FlatModel(50_003, device);
            var random = new Random(1);
            var gradient = model.Gradients[0];
            using var sum = model.OnDevice.CreateGradientSum(0, 50_016);
            using var onHost = new HostGradientSum(model.OnDevice.Gradients, 0, 50_016);
            for (var batch = 0; batch < 3; batch++)
            {
                gradient.CopyFrom([.. Enumerable.Range(0, 50_003).Select(_ => random.NextSingle() - 0.5f)]);
                sum.Add(1f / (batch + 1), batch == 0);
                onHost.Add(1f / (batch + 1), batch == 0);
            }

            sum.WriteMean(1.7f);
            var mean = gradient.ToArray();
            onHost.WriteMean(1.7f);
            Assert.Equal(mean, gradient.ToArray());
            return mean;
        }
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        using var model = new AccumulatedTable(seed: 1);
        var optimizer = new Adam(0.01);
        using var accumulator = new GradientAccumulator(model);
        Batch[] batches = [Tokens([1, 2, 3, 4, 5, 6]), Tokens([0, 3, 3, 5, 0, 0])];
        Assert.Equal(0, Allocation.Least(() =>
        {
            foreach (var batch in batches)
            {
                Step(model, batch);
                accumulator.Add();
            }

            accumulator.WriteMean();
            optimizer.Update(model);
        }));

        using var fitted = new SmoothNet(seed: 1);
        var trainer = new Trainer(new Adam(1e-3)) { Epochs = 1, BatchSize = 4, AccumulateSteps = 3, View = TrainingView.None };
        var (few, many) = (TrainingData.Linear(400), TrainingData.Linear(8000));
        trainer.Fit(fitted, many);
        Assert.InRange(Allocation.Least(() => trainer.Fit(fitted, many)) - Allocation.Least(() => trainer.Fit(fitted, few)), 0, (7600 * sizeof(int)) + 1000);
    }

    [Fact]
    public void All_batches_of_a_step_are_undone_together()
    {
        using var model = new NormedNet(seed: 1);
        var (good, bad) = (Batch.Of(2, [1f, 2, 3, -1, 0, 1], new float[4]), Batch.Of(2, [float.NaN, 2, 3, -1, 0, 1], new float[4]));
        var before = UndoTests.Values(model);
        using var accumulator = new GradientAccumulator(model);
        Step(model, good);
        accumulator.Add();
        Step(model, bad);
        model.UndoStep();
        Assert.Equal(before, UndoTests.Values(model));
        Assert.Throws<InvalidOperationException>(model.UndoStep);
        Assert.Throws<InvalidOperationException>(accumulator.WriteMean);

        // The sum begins anew.
        Step(model, good);
        var expected = Gradients(model);
        accumulator.Add();
        Assert.Equal(1, accumulator.Batches);
        accumulator.WriteMean();
        Assert.Equal(expected, Gradients(model));
    }

    [Fact]
    public void Fit_that_is_stopped_by_a_loss_leaves_the_model_before_the_step()
    {
        using var model = new NormedNet(seed: 1);
        var before = UndoTests.Values(model);
        float[] inputs = [.. Enumerable.Range(0, 3 * 8).Select(static i => i == 20 ? float.NaN : i)];
        Assert.Throws<NonFiniteLossException>(() =>
            new Trainer(new Sgd(0.01)) { Epochs = 1, BatchSize = 2, AccumulateSteps = 4, Shuffle = false, View = TrainingView.None }
                .Fit(model, Dataset.FromArrays(inputs, new float[16], targetLength: 2)));
        Assert.Equal(before, UndoTests.Values(model));
    }

    [Fact]
    public void Calls_in_a_wrong_order_are_errors_that_say_what_to_do()
    {
        using var model = new SmoothNet(seed: 1);
        using var accumulator = new GradientAccumulator(model);
        Assert.Contains("once after each Backward", Assert.Throws<InvalidOperationException>(accumulator.Add).Message, StringComparison.Ordinal);
        Assert.Contains("call Add", Assert.Throws<InvalidOperationException>(accumulator.WriteMean).Message, StringComparison.Ordinal);
        Step(model, Samples(2, seed: 1));
        accumulator.Add();
        Assert.Contains("once after each Backward", Assert.Throws<InvalidOperationException>(accumulator.Add).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new GradientAccumulator((Model)null!));

        using var rivals = new NormedRivals(seed: 1);
        using var ofPainter = new GradientAccumulator(rivals.Painter);
        rivals.BackwardCriticLoss(Batch.Of(2, [1f, 2, 3, 4, 5, 6], [1f, 0, -1, 2, 1, 0]));
        Assert.Contains("'critic', and not of 'painter'", Assert.Throws<InvalidOperationException>(ofPainter.Add).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_a_model_are_accumulated_apart()
    {
        using var model = new NormedRivals(seed: 1);
        Batch[] batches = [Batch.Of(2, [1f, 2, 3, 4, 5, 6], [1f, 0, -1, 2, 1, 0]), Batch.Of(2, [0f, 1, 0, 2, 1, 6], [0f, 1, -1, 2, 0, 0])];
        using var critic = new GradientAccumulator(model.Critic);
        using var painter = new GradientAccumulator(model.Painter);
        var sums = new Dictionary<string, double[]>();
        foreach (var batch in batches)
        {
            model.BackwardCriticLoss(batch);
            critic.Add();
            Remember("critic");
            model.BackwardPainterLoss(batch);
            painter.Add();
            Remember("painter");
        }

        critic.WriteMean();
        painter.WriteMean();
        foreach (var gradient in model.Gradients)
            Close([.. sums[gradient.Name].Select(static sum => (float)(sum / 2))], gradient.ToArray(), 1e-7f);

        void Remember(string part)
        {
            foreach (var gradient in model.Gradients.Where(gradient => gradient.Name.StartsWith(part, StringComparison.Ordinal)))
            {
                var values = gradient.ToArray();
                sums[gradient.Name] = [.. sums.GetValueOrDefault(gradient.Name, new double[values.Length]).Zip(values, static (sum, value) => sum + value)];
            }
        }
    }

    [Fact]
    public void Checkpoints_of_a_loop_are_saved_between_updates_only()
    {
        using var folder = new TemporaryFolder();
        using var model = new SmoothNet(seed: 1);
        var optimizer = new Adam();
        using var run = new CheckpointedRun(new(folder.Path), model, TrainingData.Linear(8).Batches(2), [optimizer]);
        using var accumulator = new GradientAccumulator(model);
        foreach (var batch in run.Batches())
        {
            Step(model, batch);
            accumulator.Add();
            Assert.Contains("after the update", Assert.Throws<InvalidOperationException>(run.StepEnded).Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(run.Save);
            accumulator.WriteMean();
            optimizer.Update(model);
            run.StepEnded();
        }

        run.Save();
    }

    private static (TrainingHistory History, List<double> Losses, List<double> Rates, List<int> Samples) Fit(Model model, Dataset data, int batchSize, int accumulate)
    {
        var steps = new Steps();
        var trainer = new Trainer(new Adam(1e-2) { ClipNorm = 1 })
        {
            Epochs = 3,
            BatchSize = batchSize,
            AccumulateSteps = accumulate,
            Schedule = LearningRateSchedule.WarmUp(3, LearningRateSchedule.Cosine()),
            View = TrainingView.None,
            Callbacks = [steps],
        };
        return (trainer.Fit(model, data), steps.Losses, steps.Rates, steps.Samples);
    }

    private static void Accumulate(Model model, params Batch[] batches)
    {
        using var accumulator = new GradientAccumulator(model);
        foreach (var batch in batches)
        {
            Step(model, batch);
            accumulator.Add();
        }

        accumulator.WriteMean();
    }

    private static void Step(Model model, Batch batch)
    {
        model.Forward(batch);
        model.Backward(batch);
    }

    private static Batch Samples(int count, int seed)
    {
        var random = new Random(seed);
        return Batch.Of(count, [.. Enumerable.Range(0, 3 * count).Select(_ => random.NextSingle() - 0.5f)], [.. Enumerable.Range(0, 2 * count).Select(_ => random.NextSingle())]);
    }

    private static Batch Tokens(int[] ids) => Batch.Of(2, ids, [.. Enumerable.Range(0, 6 * 19).Select(static i => MathF.Sin(i))]);

    private static float[] Gradients(Model model) => [.. model.Gradients.SelectMany(static gradient => gradient.ToArray())];

    private static void Close(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    private sealed class Steps : TrainingCallback
    {
        public List<double> Losses { get; } = [];

        public List<double> Rates { get; } = [];

        public List<int> Samples { get; } = [];

        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            Losses.Add(step.Loss);
            Rates.Add(run.Optimizer.LearningRate);
            Samples.Add(step.Samples);
            Assert.Equal(Losses.Count, step.Number);
        }
    }
}

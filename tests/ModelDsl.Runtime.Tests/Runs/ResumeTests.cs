using ModelDsl.Runs;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Models;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Runs;

/// <summary>A run that is stopped and resumed has the same bits as one that is not.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Cases => [.. All.Keys];

    private static Dictionary<string, ResumedRun> All { get; } = new()
    {
        ["Sgd"] = new() { Optimizer = () => new Sgd(0.05), Schedule = LearningRateSchedule.StepDecay(2, 0.5) },
        ["Sgd with momentum"] = new() { Optimizer = () => new Sgd(0.02, 0.9, nesterov: true, weightDecay: 1e-3), Schedule = LearningRateSchedule.Cosine(0.1) },
        ["Sgd with dampening"] = new() { Optimizer = () => new Sgd(0.02, 0.9, dampening: 0.3), Callbacks = () => [new ReduceOnPlateau(patience: 1), new EarlyStopping(patience: 2)] },
        ["Adam"] = new() { Optimizer = () => new Adam(1e-2), Callbacks = () => [AverageWeights.Exponential(0.9), new EarlyStopping(patience: 3)] },
        ["Adam with AMSGrad"] = new() { Optimizer = () => new Adam(1e-2, amsGrad: true, weightDecay: 1e-3) { ClipNorm = 0.5 }, Schedule = LearningRateSchedule.Exponential(0.8) },
        ["AdamW"] = new() { Optimizer = () => new AdamW(1e-2) { ClipValue = 0.1 }, Schedule = LearningRateSchedule.WarmUp(7, LearningRateSchedule.CosineRestarts(2)), Prefetch = true },
        ["RmsProp"] = new() { Optimizer = () => new RmsProp(1e-3, momentum: 0.5, centered: true), Schedule = LearningRateSchedule.Polynomial(2) },
        ["NAdam"] = new() { Optimizer = () => new NAdam(1e-2), Schedule = LearningRateSchedule.OneCycle(), Metrics = Everything },
        ["RAdam"] = new() { Optimizer = () => new RAdam(1e-2), Callbacks = () => [AverageWeights.Equal(fromEpoch: 2)] },
        ["Lion"] = new() { Optimizer = () => new Lion(1e-3, weightDecay: 0.1), HasValidation = false },
        ["AdaGrad"] = new() { Optimizer = () => new AdaGrad(1e-2, 0.01, 0.1), Schedule = LearningRateSchedule.Constant },
        ["Sparse updates"] = new() { Optimizer = () => new Adam(1e-2), Model = () => new SparseNet(seed: 4), Train = Texts, HasValidation = false },
        ["Grouped by length"] = new() { Model = () => new BucketNet(seed: 4), Train = () => BucketNet.Texts(ResumedRun.Samples), HasValidation = false },
        ["Stream"] = new() { Train = () => StreamingDataset.From(_ => Numbers(), Layout, shuffleBuffer: 30), Prefetch = true },
        ["Stream without prefetching"] = new() { Train = () => StreamingDataset.From(_ => Numbers(), Layout, shuffleBuffer: 30), Prefetch = false },
        ["Accumulated"] = new() { AccumulateSteps = 2, Schedule = LearningRateSchedule.Cosine(0.1), Callbacks = () => [AverageWeights.Exponential(0.9)], Metrics = Everything },
        ["Accumulated sparse updates"] = new() { AccumulateSteps = 3, Optimizer = () => new Adam(1e-2), Model = () => new SparseNet(seed: 4), Train = Texts, HasValidation = false, Prefetch = true },
        ["Gradient noise"] = new() { Optimizer = () => new Sgd(1e-2, momentum: 0.9) { GradientNoise = new(eta: 0.1, seed: 3) } },
        ["Lamb"] = new() { Optimizer = () => new Lamb(1e-2), Callbacks = () => [new UnfreezeAt(2, "dense1.bias")] },
        ["Adafactor"] = new() { Optimizer = () => new Adafactor(1e-1) { ClipNorm = 1 }, Schedule = LearningRateSchedule.Cosine(0.1), AccumulateSteps = 2 },
        ["Unfreezing"] = new() { Optimizer = Scaled, Callbacks = () => [new UnfreezeAt(3, "conv*"), new UnfreezeAt(5, "batchNorm1")] },
        ["Freezing"] = new() { Optimizer = Scaled, Callbacks = () => [new FreezeAt(2, "conv*"), new FreezeAt(4, "batchNorm1")] },
        ["Accumulated stream"] = new() { AccumulateSteps = 2, Train = () => StreamingDataset.From(_ => Numbers(), Layout, shuffleBuffer: 30), Prefetch = false },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_run_that_is_stopped_anywhere_and_resumed_has_the_same_bits(string name)
    {
        var run = All[name];
        run.Checkpoint = null;
        run.Losses.Clear();
        var expected = run.Fit().Result;
        var random = new Random(TestScale.Seed);
        for (var repetition = 0; repetition < TestScale.Of("interrupted runs of each optimizer", 1); repetition++)
        {
            run.Checkpoint = new CheckpointOptions(At($"{name}{repetition}")) { KeepLast = 1, EverySteps = random.Next(2) == 0 ? 2 : null };
            run.Losses.Clear();
            var stops = new List<string>();
            do
            {
                using var source = new CancellationTokenSource();
                var done = run.Losses.Count == 0 ? 0 : run.Losses.Keys.Last();
                var epoch = ((int)done / run.StepsPerEpoch) + 1;
                var stop = random.Next(3) switch
                {
                    0 => new Canceller(source) { Step = done + random.Next(1, 8) },
                    1 => new Canceller(source) { Validation = epoch },
                    _ => new Canceller(source) { Epoch = epoch },
                };
                stops.Add($"after step {done}: step {stop.Step}, validation {stop.Validation}, epoch {stop.Epoch}");
                run.Fit(stop, source.Token);
            }
            while (run.History.Cancelled && stops.Count < 100);

            Assert.True(stops.Count is > 2 and < 100, string.Join('\n', stops));
            Assert.True(expected == run.Result, $"{name}, {TestScale.Described}\n{string.Join('\n', stops)}\nexpected\n{expected}\nactual\n{run.Result}");
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public void A_run_continues_on_another_number_of_threads(int first, int second)
    {
        using var one = new CpuDevice { Threads = first };
        using var other = new CpuDevice { Threads = second };
        var expected = new ResumedRun().Fit().Result;
        var device = one;
        var run = new ResumedRun { Model = () => new ResumedNet(4, device), Checkpoint = new(At("run")) };
        Stop(run, 13);
        device = other;
        Assert.Equal(expected, run.Fit().Result);
    }

    [Fact]
    public void A_checkpoint_of_a_version_whose_losses_had_no_weights_continues()
    {
        var expected = new ResumedRun().Fit().Result;
        var run = new ResumedRun { Checkpoint = new(At("run")) };
        Stop(run, 13);
        var manifest = ManifestFile.Read(run.History.Checkpoint!);
        var values = new SortedDictionary<string, string>(manifest.Values);
        Assert.True(values.Remove(values.Keys.Single(name => name.EndsWith("lossWeight", StringComparison.Ordinal))));
        ManifestFile.Write(run.History.Checkpoint!, manifest with { Values = values, Sha256 = ManifestFile.NoChecksum });

        Assert.Equal(expected, run.Fit().Result);
        Assert.Equal(13, run.History.Resumed!.Steps);
    }

    [Fact]
    public void A_complete_run_is_not_trained_again_and_can_be_extended()
    {
        var expected = new ResumedRun { Epochs = 6 }.Fit().Result;
        var run = new ResumedRun { Epochs = 4, Checkpoint = new(At("run")) }.Fit();
        var written = Directory.GetLastWriteTimeUtc(run.History.Checkpoint!);
        var result = run.Result;
        Assert.Equal(result, run.Fit().Result);
        Assert.Equal(written, Directory.GetLastWriteTimeUtc(run.History.Checkpoint!));

        var longer = new ResumedRun { Epochs = 6, Checkpoint = new(At("run")) };
        foreach (var (step, loss) in run.Losses)
            longer.Losses[step] = loss;
        Assert.Equal(expected, longer.Fit().Result);
    }

    [Fact]
    public void A_run_that_was_stopped_early_stays_stopped()
    {
        var run = new ResumedRun { Epochs = 50, Callbacks = () => [new EarlyStopping(patience: 1)], Checkpoint = new(At("run")) }.Fit();
        Assert.NotNull(run.History.StopReason);
        var (result, epochs) = (run.Result, run.History.Epochs.Count);
        Assert.Equal(result, run.Fit().Result);
        Assert.Equal(epochs, run.History.Epochs.Count);
    }

    [Fact]
    public void The_history_says_where_the_run_was_continued_and_where_it_is_saved()
    {
        var run = new ResumedRun { Checkpoint = new(At("run")) };
        Stop(run, 12);
        Assert.Null(run.History.Resumed);
        Assert.True(run.History.Cancelled);
        Assert.Equal(At("run/step-00000012"), run.History.Checkpoint);
        run.Fit();
        Assert.Equal(new TrainingResumption(At("run/step-00000012"), Epoch: 3, EpochSteps: 2, Steps: 12), run.History.Resumed);
        Assert.Equal(At("run/step-00000030"), run.History.Checkpoint);
        Assert.True(run.History.Duration > run.History.Epochs.Aggregate(TimeSpan.Zero, (sum, epoch) => sum + TimeSpan.FromSeconds(epoch.Seconds * 0.9)));
    }

    [Fact]
    public void A_view_says_how_to_resume_and_that_a_run_is_resumed()
    {
        string Fit(int? stop)
        {
            using var model = new ResumedNet(1);
            using var source = new CancellationTokenSource();
            using var text = new StringWriter();
            var trainer = new Trainer(new Adam())
            {
                Epochs = 2,
                View = TrainingView.Plain(text),
                Checkpoint = new(At("run")),
                Callbacks = [new Canceller(source) { Step = stop ?? 0 }],
            };
            trainer.Fit(model, ResumedRun.Pictures(64, 1), null, source.Token);
            return text.ToString();
        }

        Assert.Contains($"The run is saved in '{At("run/step-00000001")}': start the program again to continue it.", Fit(1), StringComparison.Ordinal);
        Assert.StartsWith($"Continued from '{At("run/step-00000001")}': epoch 1, after 1 step.", Fit(null), StringComparison.Ordinal);
        Assert.StartsWith($"'{At("run/step-00000004")}' is a complete run of 2 epochs, so nothing is trained.", Fit(null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_run_can_begin_with_a_checkpoint_of_another()
    {
        var expected = new ResumedRun().Fit().Result;
        var first = new ResumedRun { Checkpoint = new(At("first")) { EverySteps = 4 } };
        Stop(first, 14);
        var before = Snapshot("first");
        var second = new ResumedRun { Checkpoint = new(At("second")) { ResumeFrom = At("first/step-00000012") } };
        foreach (var (step, loss) in first.Losses)
            second.Losses[step] = loss;
        Assert.Equal(expected, second.Fit().Result);
        Assert.Equal(before, Snapshot("first"));

        // Its own checkpoints come first: the program is simply started again.
        Assert.Equal(At("second/step-00000030"), second.Fit().History.Resumed!.Checkpoint);
    }

    [Fact]
    public void A_metric_without_a_state_is_named_when_a_run_continues_within_an_epoch()
    {
        var run = new ResumedRun { Metrics = () => [new Forgetful()], Checkpoint = new(At("run")) };
        Stop(run, 12);
        Assert.Contains("'forgetful' does not implement ICheckpointState", Assert.Single(run.Fit().History.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_between_checkpoints_allocate_nothing_more()
    {
        long Allocated(CheckpointOptions? options)
        {
            using var model = new ResumedNet(1);
            var least = long.MaxValue;
            var meter = new Meter(bytes => least = Math.Min(least, bytes));
            new Trainer(new Adam()) { Epochs = 5, BatchSize = 4, View = TrainingView.None, Checkpoint = options, Callbacks = [meter] }
                .Fit(model, ResumedRun.Pictures(64, 1));
            return least;
        }

        Assert.Equal(0, Allocated(null));
        Assert.Equal(0, Allocated(new(At("run")) { EverySteps = 50 }));
    }

    private static Adam Scaled()
    {
        var optimizer = new Adam(1e-2) { ClipNorm = 0.5 };
        optimizer.Scale("dense1.weight", 0.3);
        return optimizer;
    }

    private static Metric[] Everything() =>
        [new Accuracy(), new Accuracy { TopK = 2 }, new ConfusionMatrix(), new RocAuc(), new Precision(), new F1Score(), new Perplexity()];

    private static Dataset Texts()
    {
        var random = new Random(1);
        int[] tokens = [.. Enumerable.Range(0, ResumedRun.Samples * SparseNet.Tokens).Select(_ => random.Next(SparseNet.Vocabulary))];
        return Dataset.FromArrays(tokens, [.. Enumerable.Range(0, ResumedRun.Samples).Select(static i => i % ResumedNet.Classes)]);
    }

    private static SampleLayout<int> Layout => new SampleLayout<int>()
        .Input(36, static (number, values) =>
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = MathF.Sin((number * 36) + i);
        })
        .Label(static number => number % ResumedNet.Classes);

    private static async IAsyncEnumerable<int> Numbers()
    {
        await Task.CompletedTask;
        for (var i = 0; i < ResumedRun.Samples; i++)
            yield return i;
    }

    private static void Stop(ResumedRun run, long step)
    {
        using var source = new CancellationTokenSource();
        run.Fit(new Canceller(source) { Step = step }, source.Token);
    }

    private string At(string name) => Path.Combine(folder.Path, name);

    private string Snapshot(string name) =>
        string.Join('\n', Directory.GetFiles(At(name), "*", SearchOption.AllDirectories).Order().Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}"));

    private sealed class Forgetful : Metric
    {
        public override string Name => "forgetful";

        public override double Result => 0;

        public override void Reset()
        {
        }

        public override void Update(in MetricBatch batch)
        {
        }
    }

    private sealed class Meter(Action<long> report) : TrainingCallback
    {
        private long last;

        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            var now = GC.GetAllocatedBytesForCurrentThread();
            report(last == 0 ? long.MaxValue : now - last);
            last = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}

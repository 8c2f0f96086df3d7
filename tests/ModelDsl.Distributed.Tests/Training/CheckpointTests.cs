using ModelDsl.Distributed.Tests.Support;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Runs;

namespace ModelDsl.Distributed.Tests.Training;

/// <summary>A run of a group continues with the same bits, on any number of ranks.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 8)]
    [InlineData(4, 2)]
    [InlineData(2, 1)]
    public void A_run_continues_on_another_number_of_ranks(int before, int after)
    {
        var expected = WithoutSteps(Run(checkpoint: null).OnThreads(1));
        foreach (var step in (int[])[2, 3, 7])
        {
            var run = Run(new CheckpointOptions(Path.Combine(folder.Path, $"{step}")) { KeepBest = "validation loss" });
            using (var source = new CancellationTokenSource())
            {
                // Cancelled on one rank, which is not the root: all of them end after the same step.
                run.OnThreads(before, callback: group => group.Rank == before - 1 ? new CancelAt(source, step) : null, cancellation: source.Token);
            }

            Assert.Equal(expected, WithoutSteps(run.OnThreads(after)));
        }
    }

    [Fact]
    public void Ranks_that_resume_explicitly_continue_without_a_folder_of_their_own()
    {
        var expected = WithoutSteps(Run(checkpoint: null).OnThreads(1));
        using var source = new CancellationTokenSource();
        Run(new CheckpointOptions(folder.Path)).OnThreads(4, callback: _ => new CancelAt(source, 3), cancellation: source.Token);

        // Only the root reads the folder: another machine may not have it.
        var resumed = Run(checkpoint: null, group => group.IsRoot ? folder.Path : "nowhere");
        Assert.Equal(expected, WithoutSteps(resumed.OnThreads(2)));
    }

    [Fact]
    public void A_rank_that_does_not_resume_while_others_do_is_named() => Assert.Contains(
        "Resume is called on rank 0, but not called on rank 1",
        Assert.Throws<CollectiveException>(() => Run(checkpoint: null, group => group.IsRoot ? folder.Path : null).OnThreads(2)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_checkpoint_without_a_group_is_refused_because_its_bits_differ()
    {
        var run = Run(new CheckpointOptions(folder.Path));
        run.Fit(group: null);
        var exception = Assert.Throws<CheckpointMismatchException>(() => run.OnThreads(2));
        Assert.Contains("the batch size is 16 in 2 batches per update in the checkpoint, but 32 per update, in 8 parts of 2 batches now", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 5)]
    public void So_does_a_run_that_adds_in_any_order_with_all_samples_in_its_metrics(int before, int after)
    {
        ConfusionMatrix[] matrices = [.. Enumerable.Range(0, Math.Max(before, after)).Select(static _ => new ConfusionMatrix())];
        void Train(int ranks, bool isCancelled)
        {
            using var source = new CancellationTokenSource();
            ThreadCollective.Run(ranks, group =>
            {
                group.Deterministic = false;
                using var model = new ResumedNet(seed: 4);
                new Trainer(new Adam(1e-2))
                {
                    Group = group,
                    Epochs = 1,
                    BatchSize = 16,
                    Metrics = [matrices[group.Rank]],
                    Callbacks = isCancelled && group.IsRoot ? [new CancelAt(source, 2)] : [],
                    Checkpoint = new CheckpointOptions(folder.Path),
                    View = TrainingView.None,
                }.Fit(model, Samples.Pictures(70), cancellation: source.Token);
            });
        }

        Train(before, isCancelled: true);
        Train(after, isCancelled: false);
        Assert.All(matrices.Take(after), static matrix => Assert.Equal(70, matrix.Total));
    }

    [Fact]
    public void The_root_alone_writes_files()
    {
        var log = Path.Combine(folder.Path, "log.csv");
        var best = Path.Combine(folder.Path, "best.safetensors");
        var run = new GroupedRun
        {
            Model = static () => new ResumedNet(seed: 4),
            Train = static () => Samples.Pictures(70),
            Callbacks = () => [new CsvLog(log), new SaveBest(best), new TensorBoardLog(folder.Path)],
        };
        run.OnThreads(4);
        Assert.Equal(1 + run.Epochs, File.ReadAllLines(log).Length);
        Assert.True(File.Exists(best));
        Assert.Single(Directory.GetFiles(folder.Path, "events.*", SearchOption.AllDirectories));
    }

    private static GroupedRun Run(CheckpointOptions? checkpoint, Func<Collective, string?>? resume = null) => new()
    {
        Model = static () => new ResumedNet(seed: 4),
        Train = static () => Samples.Pictures(70),
        Validation = static () => Samples.Pictures(21, seed: 2),
        Callbacks = static () => [AverageWeights.Exponential(0.9), new EarlyStopping(patience: 1000)],
        Metrics = static () => [new Accuracy(), new RocAuc(), new ConfusionMatrix()],
        Epochs = 3,
        BatchSize = 16,
        AccumulateSteps = 2,
        Checkpoint = checkpoint,
        ResumeFrom = resume ?? (static _ => null),
    };

    /// <summary>Without the losses of steps: a part of a run has only its own.</summary>
    private static string WithoutSteps(string result) => result.Split("\nstep ")[0];

    private sealed class CancelAt(CancellationTokenSource source, long number) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            if (step.Number == number)
                source.Cancel();
        }
    }
}

using ModelDsl.Distributed.Tests.Support;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Runs;

namespace ModelDsl.Distributed.Tests.Training;

/// <summary>A divided state of the optimizer changes no bit, and needs less memory on each rank.</summary>
public sealed class ShardTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static Dictionary<string, Func<Optimizer>> Optimizers { get; } = new()
    {
        ["Adam"] = static () => new Adam(1e-2) { ClipNorm = 0.1 },
        ["AdamW"] = static () => new AdamW(1e-2, weightDecay: 0.1) { GradientNoise = new GradientNoise(0.01) },
        ["Adafactor"] = static () => new Adafactor { ClipNorm = 0.1 },
        ["Lamb"] = static () => new Lamb(1e-2),
        ["NAdam"] = static () => new NAdam(1e-2),
        ["Sgd"] = static () => new Sgd(1e-2, momentum: 0.9),
        ["Two rates"] = static () =>
        {
            var adam = new Adam(1e-2);
            adam.Scale("conv2D1", 0.1);
            adam.Freeze("dense1.bias");
            return adam;
        },
    };

    public static TheoryData<string> OptimizerNames => [.. Optimizers.Keys];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(OptimizerNames))]
    public void Results_have_the_same_bits(string name)
    {
        var expected = Run(Optimizers[name]).OnThreads(1);
        var run = Run(Optimizers[name]);
        run.Shard = Sharding.Optimizer;
        foreach (var ranks in (int[])[1, 2, 4, 8])
            Assert.Equal(expected, run.OnThreads(ranks));
    }

    [Theory]
    [InlineData("Adam")]
    [InlineData("Adafactor")]
    [InlineData("Lamb")]
    [InlineData("Two rates")]
    public void Checkpoints_continue_with_another_division_and_without_one(string name)
    {
        var expected = Run(Optimizers[name]).OnThreads(1).Split("\nstep ")[0];
        foreach (var (before, after, shard) in ((int, int, Sharding)[])[(4, 2, Sharding.Optimizer), (2, 1, Sharding.None), (1, 8, Sharding.Optimizer)])
        {
            var run = Run(Optimizers[name], new CheckpointOptions(Path.Combine(folder.Path, $"{before}")));
            run.Shard = Sharding.Optimizer;
            using (var source = new CancellationTokenSource())
                run.OnThreads(before, callback: group => group.IsRoot ? new CancelAt(source) : null, cancellation: source.Token);
            run.Shard = shard;
            Assert.Equal(expected, run.OnThreads(after).Split("\nstep ")[0]);
        }
    }

    [Fact]
    public void Each_rank_has_its_part_of_the_state()
    {
        var bytes = new long[4];
        using var any = new Cifar10.CifarNet();
        var data = Samples.For(any, 32);
        ThreadCollective.Run(4, group =>
        {
            using var model = new Cifar10.CifarNet(seed: 1);
            var optimizer = new Adam(1e-3);
            new Trainer(optimizer) { Group = group, Shard = Sharding.Optimizer, Epochs = 1, View = TrainingView.None }.Fit(model, data);
            bytes[group.Rank] = optimizer.StateBytes(model);
        });
        var whole = 2L * sizeof(float) * any.Description.TrainableFloats;
        Assert.Equal(whole, bytes.Sum());
        Assert.All(bytes, own => Assert.InRange(own, whole / 4 - 1024, whole / 4 + 1024));
    }

    [Theory]
    [InlineData("Adam")]
    [InlineData("Adafactor")]
    [InlineData("Lamb")]
    public void A_checkpoint_has_the_same_bytes_however_the_state_is_divided(string name)
    {
        byte[] Saved(int ranks, Sharding shard)
        {
            var path = Path.Combine(folder.Path, $"{ranks} {shard}");
            var run = Run(Optimizers[name], new CheckpointOptions(path));
            run.Shard = shard;
            run.OnThreads(ranks);
            return File.ReadAllBytes(Directory.GetFiles(path, "training.safetensors", SearchOption.AllDirectories).Single());
        }

        var whole = Saved(1, Sharding.None);
        foreach (var ranks in (int[])[2, 4, 8])
            Assert.Equal(whole, Saved(ranks, Sharding.Optimizer));
    }

    [Fact]
    public void Ranks_have_whole_parameters_of_an_optimizer_that_needs_them()
    {
        using var any = new Cifar10.CifarNet();
        var data = Samples.For(any, 16);
        var bytes = new long[4];
        ThreadCollective.Run(4, group =>
        {
            using var model = new Cifar10.CifarNet(seed: 1);
            var optimizer = new Lamb(1e-3);
            new Trainer(optimizer) { Group = group, Shard = Sharding.Optimizer, Epochs = 1, View = TrainingView.None }.Fit(model, data);
            bytes[group.Rank] = optimizer.StateBytes(model);
        });
        Assert.Equal(2L * sizeof(float) * any.Description.TrainableFloats, bytes.Sum());
        var ends = any.Description.Parameters.Select(static parameter => 2L * sizeof(float) * (parameter.Offset + parameter.Layout.Floats)).Append(0);

        // The ranges are in the order 0, 2, 1, 3: those of ranks that exchange first are next to each other.
        Assert.All([bytes[0], bytes[0] + bytes[2], bytes[0] + bytes[2] + bytes[1]], end => Assert.Contains(end, ends));
    }

    [Fact]
    public void Ranks_other_than_the_root_do_not_collect_the_state_to_save_it()
    {
        using var any = new Cifar10.CifarNet();
        var data = Samples.For(any, 16);
        var allocated = new long[4];
        ThreadCollective.Run(4, group =>
        {
            using var model = new Cifar10.CifarNet(seed: 1);
            new Trainer(new Adam(1e-3))
            {
                Group = group,
                Shard = Sharding.Optimizer,
                Epochs = 5,
                BatchSize = 16,
                Callbacks = [new Allocations(bytes => allocated[group.Rank] = bytes)],
                Checkpoint = new CheckpointOptions(folder.Path) { EverySteps = 3 },
                View = TrainingView.None,
            }.Fit(model, data);
        });
        var whole = 2L * sizeof(float) * any.Description.TrainableFloats;

        // The root allocates the whole state. Another rank copies its quarter; if others still read its last message, it needs new memory for the next one too.
        Assert.InRange(allocated[0], whole, long.MaxValue);
        Assert.All(allocated[1..], bytes => Assert.InRange(bytes, 1, whole * 3 / 4));
    }

    [Fact]
    public void A_divided_optimizer_outside_Fit_is_an_error() => ThreadCollective.Run(2, static group =>
    {
        using var model = new ResumedNet(seed: 4);
        var data = Samples.Pictures(32);
        var trainer = new Trainer(new Adam(1e-3)) { Group = group, Shard = Sharding.Optimizer, Epochs = 1, View = TrainingView.None };
        trainer.Fit(model, data);
        var batch = group.Batches(data, 8).First();
        model.Forward(batch);
        model.Backward(batch);
        Assert.StartsWith(
            "The state of Adam for ResumedNet is divided among ranks", Assert.Throws<InvalidOperationException>(() => trainer.Optimizer.Update(model)).Message, StringComparison.Ordinal);
        trainer.Fit(model, data);
    });

    private static GroupedRun Run(Func<Optimizer> optimizer, CheckpointOptions? checkpoint = null) => new()
    {
        Model = static () => new ResumedNet(seed: 4),
        Train = static () => Samples.Pictures(70),
        Optimizer = optimizer,
        Checkpoint = checkpoint,
    };

    /// <summary>What this thread allocates from the end of the third step to that of the fourth, with a checkpoint between them, and not in the next step. The first messages of a length between two threads are allocated too.</summary>
    private sealed class Allocations(Action<long> report) : TrainingCallback
    {
        private long before;
        private long withCheckpoint;

        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (step.Number == 4)
                withCheckpoint = allocated;
            else if (step.Number == 5)
                report(withCheckpoint - allocated);
            before = GC.GetAllocatedBytesForCurrentThread();
        }
    }

    private sealed class CancelAt(CancellationTokenSource source) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            if (step.Number == 2)
                source.Cancel();
        }
    }
}

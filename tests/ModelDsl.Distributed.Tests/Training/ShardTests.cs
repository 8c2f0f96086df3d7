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

    [Fact]
    public void Checkpoints_continue_with_another_division_and_without_one()
    {
        var expected = Run(Optimizers["Adam"]).OnThreads(1).Split("\nstep ")[0];
        foreach (var (before, after, shard) in ((int, int, Sharding)[])[(4, 2, Sharding.Optimizer), (2, 1, Sharding.None), (1, 8, Sharding.Optimizer)])
        {
            var run = Run(Optimizers["Adam"], new CheckpointOptions(Path.Combine(folder.Path, $"{before}")));
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

    [Fact]
    public void An_optimizer_of_whole_parameters_is_an_error()
    {
        var run = Run(static () => new Lamb(1e-2));
        run.Shard = Sharding.Optimizer;
        Assert.StartsWith("Lamb updates whole parameters", Assert.Throws<NotSupportedException>(() => run.OnThreads(2)).Message, StringComparison.Ordinal);
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

    private sealed class CancelAt(CancellationTokenSource source) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            if (step.Number == 2)
                source.Cancel();
        }
    }
}

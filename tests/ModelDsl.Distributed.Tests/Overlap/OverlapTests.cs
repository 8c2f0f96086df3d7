using System.Collections.Concurrent;
using ModelDsl.Distributed.Tests.Support;
using ModelDsl.Runtime.Tests.Runs;

namespace ModelDsl.Distributed.Tests.Overlap;

/// <summary>Gradients are exchanged while the backward pass computes, and the result has the same bits.</summary>
public sealed class OverlapTests
{
    private static readonly Dictionary<string, Func<Device, Model>> Models = new()
    {
        ["CifarNet"] = static device => new Cifar10.CifarNet(seed: 1, device),
        ["ResidualNet"] = static device => new Cifar10.ResidualNet(seed: 1, device),
        ["SmallGpt"] = static device => new CharGpt.SmallGpt(seed: 1, device),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_bits_are_those_of_an_exchange_after_the_pass(string name)
    {
        using var alone = new CpuDevice { Threads = 1 };
        using var shared = new CpuDevice { Threads = 2 };
        var expected = Run(name, alone).OnThreads(1);
        foreach (var ranks in (int[])[2, 4])
        {
            // The root exchanges after the pass, and all other ranks during it.
            Assert.Equal(expected, Run(name, alone).OnThreads(ranks, static group => (group.SliceFloats, group.Overlaps) = (5000, !group.IsRoot)));
            Assert.Equal(expected, Run(name, shared).OnThreads(ranks, static group => group.SliceFloats = 1 << 14));
        }
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(17, 1)]
    public void Micro_batches_that_are_empty_have_the_same_bits_too(int batchSize, int accumulateSteps)
    {
        var run = new GroupedRun
        {
            Model = static () => new ResumedNet(seed: 4),
            Train = static () => Samples.Pictures(70),
            BatchSize = batchSize,
            AccumulateSteps = accumulateSteps,
        };
        Assert.Equal(run.OnThreads(1), run.OnThreads(4, static group => group.SliceFloats = 64));
    }

    [Fact]
    public void Gradients_are_exchanged_on_a_thread_of_their_own()
    {
        var threads = Exchanges(allowsThreads: true, out var overlapped);
        Assert.Contains(threads, static exchange => exchange is { Thread: "ModelDsl gradient exchange", Bytes: > 1 << 14 });

        // The root sends the parameters when the run begins.
        Assert.Single(threads, static exchange => exchange is { Thread: not "ModelDsl gradient exchange", Bytes: > 1 << 14 });
        Assert.All(Exchanges(allowsThreads: false, out var after), static exchange => Assert.NotEqual("ModelDsl gradient exchange", exchange.Thread));
        Assert.Equal(after, overlapped);
    }

    [Fact]
    public void A_rank_with_an_exception_ends_all()
    {
        var exception = Assert.Throws<InvalidDataException>(() => Run("CifarNet", Device.Cpu).OnThreads(2, callback: static group => new Thrower(group)));
        Assert.Equal("the disk is gone", exception.Message);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(4, true)]
    [InlineData(2, false)]
    public void Steps_allocate_nothing(int ranks, bool deterministic) => ThreadCollective.Run(ranks, group =>
    {
        group.Deterministic = deterministic;

        // The same code runs on the thread of the rank, whose allocations can be measured.
        group.Overlaps = false;
        using var model = new Cifar10.CifarNet(seed: 1);
        var optimizer = new Adam(1e-3);
        using var step = new GroupStep(model, group, perPart: 1);
        Assert.Equal(0, LeastBytes(model, step, () => optimizer.Update(model)));
    });

    [Fact]
    public void A_pass_with_an_exchange_allocates_nothing_on_the_thread_of_the_step() => ThreadCollective.Run(2, static group =>
    {
        using var model = new Cifar10.CifarNet(seed: 1);
        using var step = new GroupStep(model, group, perPart: 1);
        Assert.Equal(0, LeastBytes(model, step, static () => { }));
    });

    /// <summary>Runs steps, and returns the number of bytes that the one with the fewest has allocated on this thread.</summary>
    private static long LeastBytes(Model model, GroupStep step, Action update)
    {
        var batch = Samples.For(model, 2).Batches(2).First();
        var least = long.MaxValue;
        for (var number = 0; number < 10; number++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var part = 0; part < step.PerStep; part++)
                step.Add(step.Run(batch), batch);
            step.WriteMean();
            update();
            step.Clear();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    /// <summary>A run whose last step has micro-batches that are empty, unless the number of samples is a multiple of 16.</summary>
    private static GroupedRun Run(string name, Device device, int samples = 20)
    {
        using var model = Models[name](device);
        var train = Samples.For(model, samples);
        return new GroupedRun { Model = () => Models[name](device), Train = () => train, Epochs = 1, BatchSize = 16, Optimizer = static () => new Adam(1e-3) };
    }

    private static (string? Thread, int Bytes)[] Exchanges(bool allowsThreads, out string result)
    {
        var exchanges = new ConcurrentQueue<(string?, int)>();
        var results = new string[2];
        ThreadCollective.Run(2, group => results[group.Rank] = Run("CifarNet", Device.Cpu, samples: 32).Fit(new Recorder(group, exchanges, allowsThreads)));
        result = results[0];
        return [.. exchanges];
    }

    private sealed class Recorder(Collective group, ConcurrentQueue<(string?, int)> exchanges, bool allowsThreads) : Collective
    {
        public override int Rank => group.Rank;

        public override int Count => group.Count;

        protected override bool AllowsThreads => allowsThreads;

        public override void Abort(string reason) => group.Abort(reason);

        protected internal override void Exchange(int partner, ReadOnlySpan<byte> send, Span<byte> receive, TimeSpan limit)
        {
            exchanges.Enqueue((Thread.CurrentThread.Name, send.Length));
            group.Exchange(partner, send, receive, limit);
        }

        protected internal override void SumInAnyOrder(Span<float> values, TimeSpan limit) => group.SumInAnyOrder(values, limit);
    }

    private sealed class Thrower(Collective group) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            if (!group.IsRoot && step.Number == 1)
                throw new InvalidDataException("the disk is gone");
        }
    }
}

using System.Diagnostics;
using ModelDsl.Distributed.Tests.Support;

namespace ModelDsl.Distributed.Tests.Overlap;

/// <summary>Exceptions on the thread of the exchange and in the backward pass end all ranks.</summary>
public sealed class InterruptedExchangeTests
{
    private const string ExchangeThread = "ModelDsl gradient exchange";

    [Theory]
    [InlineData(1, typeof(IOException))]
    [InlineData(9, typeof(IOException))]
    [InlineData(9, typeof(OperationCanceledException))]
    public void An_exception_of_the_transport_is_thrown_by_Fit(int number, Type type)
    {
        using var any = new Cifar10.CifarNet(seed: 1);
        var data = Samples.For(any, 32);
        var thrown = (Exception)Activator.CreateInstance(type, "the cable is gone")!;
        var exception = Record.Exception(() => ThreadCollective.Run(2, group =>
        {
            var failing = new Failing(group, group.IsRoot ? int.MaxValue : number, thrown) { SliceFloats = 1 << 14 };
            using var model = new Cifar10.CifarNet(seed: 1);
            new Trainer(new Sgd(0.1)) { Group = failing, BatchSize = 16, Epochs = 1, View = TrainingView.None }.Fit(model, data);
        }));
        Assert.Same(thrown, exception);
    }

    [Fact]
    public void An_exception_in_the_pass_ends_the_exchange_that_waits_for_it()
    {
        var start = Stopwatch.GetTimestamp();
        Assert.Throws<InvalidDataException>(() => ThreadCollective.Run(2, static group =>
        {
            group.SliceFloats = 1 << 14;
            using var model = new Cifar10.CifarNet(seed: 1);
            var sums = new PartSums(model);
            using var exchange = new GradientExchange(group, new StepExchange(group), sums);
            sums.Begin();
            sums.BeginMicroBatch(weight: null, isLast: true);
            exchange.Begin(default, Stopwatch.GetTimestamp());
            exchange.Completed(sums.Gradients / 2);
            if (!group.IsRoot)
                throw new InvalidDataException("the pass has failed");
            exchange.End(default, Stopwatch.GetTimestamp());
        }));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(8));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_thread_of_the_exchange_allocates_nothing(bool deterministic)
    {
        const int Steps = 12;
        ThreadCollective.Run(2, group =>
        {
            var counting = new Counting(group) { Deterministic = deterministic, SliceFloats = 1 << 15 };
            using var model = new Cifar10.CifarNet(seed: 1);
            using var step = new GroupStep(model, counting, perPart: 1);
            var batch = Samples.For(model, 2).Batches(2).First();
            var least = long.MaxValue;
            var before = 0L;
            for (var number = 0; number < Steps; number++)
            {
                for (var part = 0; part < step.PerStep; part++)
                    step.Add(step.Run(batch), batch);
                step.WriteMean();
                step.Clear();
                if (number > 0)
                    least = Math.Min(least, counting.Allocated - before);
                before = counting.Allocated;
            }

            Assert.True(counting.Allocated > 0);
            Assert.Equal(0, least);
        });
    }

    private abstract class Wrapped(Collective group) : Collective
    {
        public override int Rank => group.Rank;

        public override int Count => group.Count;

        public override void Abort(string reason) => group.Abort(reason);

        protected internal override void Exchange(int partner, ReadOnlySpan<byte> send, Span<byte> receive, TimeSpan limit)
        {
            if (Thread.CurrentThread.Name == ExchangeThread)
                Exchanging();
            group.Exchange(partner, send, receive, limit);
        }

        protected internal override void SumInAnyOrder(Span<float> values, TimeSpan limit)
        {
            group.SumInAnyOrder(values, limit);
            Exchanging();
        }

        protected abstract void Exchanging();
    }

    private sealed class Failing(Collective group, int number, Exception exception) : Wrapped(group)
    {
        private int exchanges;

        protected override void Exchanging()
        {
            if (++exchanges == number)
                throw exception;
        }
    }

    /// <summary>What the thread of the exchange has allocated up to its last exchange of a step.</summary>
    private sealed class Counting(Collective group) : Wrapped(group)
    {
        public long Allocated { get; private set; }

        protected override void Exchanging() => Allocated = GC.GetAllocatedBytesForCurrentThread();
    }
}

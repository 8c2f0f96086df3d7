using ModelDsl.Distributed.Tests.Support;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Runs;

namespace ModelDsl.Distributed.Tests.Training;

/// <summary>The other ranks wait for a root that works for longer than <see cref="Collective.Timeout"/>.</summary>
public sealed class RootWorkTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Long = 2.5 * Timeout;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void While_it_saves() => Assert.Equal(Result(pause: null), Result(static group => new SlowlySaved(group)));

    [Fact]
    public void In_a_callback_at_the_end_of_an_epoch_which_may_use_the_group() => Assert.Equal(Result(pause: null), Result(static group => new SlowAtEnd(group)));

    [Fact]
    public void While_it_saves_by_a_transport_for_one_thread() => Assert.Equal(Result(pause: null), Result(static group => new SlowlySaved(group), static group => new OneThread(group)));

    [Fact]
    public void At_the_end_of_an_epoch_by_a_transport_for_one_thread() =>
        Assert.Equal(Result(pause: null), Result(static group => new SlowAtEnd(group), static group => new OneThread(group)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Not_for_longer_than_the_time_of_the_root(bool allowsThreads)
    {
        var exception = Assert.Throws<CollectiveException>(() => Result(
            static group =>
            {
                group.RootTimeout = 1.5 * Timeout;
                return new SlowlySaved(group);
            },
            allowsThreads ? null : static group => new OneThread(group)));
        Assert.Contains(allowsThreads ? "Rank 0 has worked for 1.5 s while the others wait (Collective.RootTimeout)" : "Rank 0 has not answered rank 1 for 1.5 s", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_run_within_a_callback_of_the_root_s_work_has_its_own_bits(bool allowsThreads)
    {
        var inner = new string[2];
        var alone = new string[2];
        ThreadCollective.Run(2, group => alone[group.Rank] = SlowInner(Timeout / 2).Fit(group));
        var result = Result(group => new FitsWithin(group, inner), allowsThreads ? null : static group => new OneThread(group));
        Assert.Equal(Result(pause: null), result);
        Assert.Equal(alone, inner);
    }

    [Fact]
    public void An_error_of_the_root_during_its_questions_is_thrown()
    {
        var exception = Record.Exception(() => ThreadCollective.Run(2, static group =>
        {
            if (group.IsRoot)
                RankMessages.Send(group, 1, RankMessages.Error, "the disk is full"u8, Timeout);
            else
                RankMessages.Answer(group, static _ => { });
        }));
        Assert.Equal("the disk is full", Assert.IsType<CollectiveException>(exception).Message);
    }

    private static GroupedRun SlowInner(TimeSpan pause) => new()
    {
        Model = static () => new ResumedNet(seed: 9),
        Train = static () => Samples.Pictures(48),
        Epochs = 1,
        BatchSize = 16,
        Callbacks = () => [new SlowSteps(pause)],
    };

    private string Result(Func<Collective, TrainingCallback>? pause, Func<Collective, Collective>? transport = null)
    {
        var run = new GroupedRun
        {
            Model = static () => new ResumedNet(seed: 4),
            Train = static () => Samples.Pictures(70),
            Checkpoint = new CheckpointOptions(Path.Combine(folder.Path, pause is null ? "quick" : "slow")) { EverySteps = 4 },
            Epochs = 1,
            BatchSize = 16,
        };
        var results = new string[2];
        ThreadCollective.Run(2, group =>
        {
            var used = transport?.Invoke(group) ?? group;
            used.Timeout = Timeout;
            results[group.Rank] = run.Fit(used, pause?.Invoke(used));
        });
        Assert.Equal(results[0], results[1]);
        return results[0];
    }

    private sealed class FitsWithin(Collective group, string[] results) : TrainingCallback
    {
        public override void EpochEnded(TrainingRun run, EpochResult epoch) => results[group.Rank] = SlowInner(Timeout / 2).Fit(group);
    }

    private sealed class SlowSteps(TimeSpan pause) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep step) => Thread.Sleep(pause);
    }

    private sealed class SlowlySaved(Collective group) : TrainingCallback, ICheckpointState
    {
        private bool hasWaited;

        public void SaveState(CheckpointWriter writer)
        {
            if (group.IsRoot && !hasWaited)
                Thread.Sleep(Long);
            hasWaited = true;
        }

        public void RestoreState(CheckpointReader reader)
        {
        }
    }

    private sealed class SlowAtEnd(Collective group) : TrainingCallback
    {
        public override void EpochEnded(TrainingRun run, EpochResult epoch)
        {
            if (group.IsRoot)
                Thread.Sleep(Long);
            var value = BitConverter.GetBytes(group.IsRoot ? 42 : 0);
            group.Broadcast(value);
            Assert.Equal(42, BitConverter.ToInt32(value));
        }
    }
}

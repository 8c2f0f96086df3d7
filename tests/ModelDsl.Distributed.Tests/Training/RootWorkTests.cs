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

    private string Result(Func<Collective, TrainingCallback>? pause) => new GroupedRun
    {
        Model = static () => new ResumedNet(seed: 4),
        Train = static () => Samples.Pictures(70),
        Checkpoint = new CheckpointOptions(Path.Combine(folder.Path, pause is null ? "quick" : "slow")) { EverySteps = 4 },
        Epochs = 1,
        BatchSize = 16,
    }.OnThreads(2, static group => group.Timeout = Timeout, pause);

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

using ModelDsl.Compiled;
using ModelDsl.Devices.Cpu;

namespace ModelDsl.Runtime.Tests.Devices;

public class ThreadTeamTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(64)]
    public void Barriers_keep_phases_apart(int count)
    {
        using var team = new ThreadTeam(count);
        var arrived = new int[50];
        var early = 0;
        for (var step = 0; step < 20; step++)
        {
            Array.Clear(arrived);
            Assert.True(team.TryRun(new Work(worker =>
            {
                for (var phase = 0; phase < arrived.Length; phase++)
                {
                    Interlocked.Increment(ref arrived[phase]);
                    worker.Barrier();
                    if (Volatile.Read(ref arrived[phase]) != count)
                        Interlocked.Increment(ref early);
                }
            })));
            Assert.All(arrived, n => Assert.Equal(count, n));
        }

        Assert.Equal(0, early);
    }

    [Fact]
    public void Workers_that_sleep_between_steps_are_woken()
    {
        using var team = new ThreadTeam(3);
        for (var step = 0; step < 10; step++)
        {
            var ran = 0;
            Assert.True(team.TryRun(new Work(worker =>
            {
                Interlocked.Increment(ref ran);
                if (worker.Index == step % 3)
                    Thread.Sleep(5);
                worker.Barrier();
                if (worker.Index == (step + 1) % 3)
                    Thread.Sleep(5);
            })));
            Assert.Equal(3, ran);
            Thread.Sleep(5);
        }
    }

    [Fact]
    public void A_failure_between_barriers_ends_the_step_everywhere()
    {
        using var team = new ThreadTeam(4);
        for (var step = 0; step < 50; step++)
        {
            var failing = step % 4;
            var exception = Assert.Throws<ArithmeticException>(() => team.TryRun(new Work(worker =>
            {
                worker.Barrier();
                if (worker.Index == failing)
                    throw new ArithmeticException();
                worker.Barrier();
                worker.Barrier();
            })));
            Assert.Contains(nameof(A_failure_between_barriers_ends_the_step_everywhere), exception.StackTrace, StringComparison.Ordinal);
            var ran = 0;
            team.TryRun(new Work(worker =>
            {
                worker.Barrier();
                Interlocked.Increment(ref ran);
            }));
            Assert.Equal(4, ran);
        }
    }

    [Fact]
    public void A_busy_team_refuses()
    {
        using var team = new ThreadTeam(2);
        var inner = true;
        team.TryRun(new Work(worker =>
        {
            if (worker.Index == 0)
                inner = team.TryRun(new Work(static _ => { }));
        }));
        Assert.False(inner);
        Assert.True(team.TryRun(new Work(static _ => { })));
    }

    [Fact]
    public void A_disposed_team_refuses_and_its_threads_end()
    {
        var team = new ThreadTeam(3);
        Thread? other = null;
        team.TryRun(new Work(worker =>
        {
            if (worker.Index == 1)
                other = Thread.CurrentThread;
        }));
        team.Dispose();
        Assert.False(team.TryRun(new Work(static _ => { })));
        Assert.True(other!.Join(TimeSpan.FromSeconds(10)));
    }

    private sealed class Work(Action<Worker> action) : IWork
    {
        public ParallelBackOff BackOff { get; } = new();

        public void Run(Worker worker) => action(worker);
    }
}

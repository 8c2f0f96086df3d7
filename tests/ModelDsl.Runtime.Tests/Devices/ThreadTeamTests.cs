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

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(16, 1)]
    [InlineData(3, 2)]
    [InlineData(3, 5)]
    public void Tasks_are_done_once_between_the_phases_around_them(int count, int tasks)
    {
        const int Phases = 50;
        using var team = new ThreadTeam(count);
        var (before, first, second) = (new int[Phases], new int[Phases], new int[Phases]);
        var wrong = 0;
        void Require(bool holds)
        {
            if (!holds)
                Interlocked.Increment(ref wrong);
        }

        for (var step = 1; step <= 20; step++)
        {
            var (least, all) = (step * count, step * tasks);
            var work = new Work(worker =>
            {
                for (var phase = 0; phase < Phases; phase++)
                {
                    Interlocked.Increment(ref before[phase]);
                    var share = worker.Tasks(tasks);
                    if (share.From < share.To)
                        Require(Volatile.Read(ref before[phase]) == least);
                    Interlocked.Add(ref first[phase], share.To - share.From);
                    share.Barrier();
                    if (share.From < share.To)
                        Require(Volatile.Read(ref first[phase]) == all);
                    Interlocked.Add(ref second[phase], share.To - share.From);
                    share.End();
                    Require(Volatile.Read(ref first[phase]) == all && Volatile.Read(ref second[phase]) == all);
                }
            });
            if (count == 1)
                work.Run(Worker.Single);
            else
                Assert.True(team.TryRun(work));
        }

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void A_failure_in_a_single_task_ends_the_step_everywhere()
    {
        using var team = new ThreadTeam(4);
        for (var step = 0; step < 50; step++)
        {
            var released = 0;
            Assert.Throws<ArithmeticException>(() => team.TryRun(new Work(worker =>
            {
                worker.Barrier();
                var share = worker.Tasks(1);
                if (share.To > share.From)
                    throw new ArithmeticException();
                Interlocked.Increment(ref released);
                share.End();
            })));
            Assert.Equal(0, released);
            var ran = 0;
            team.TryRun(new Work(worker =>
            {
                var share = worker.Tasks(1);
                Interlocked.Add(ref ran, share.To - share.From);
                share.End();
                worker.Barrier();
            }));
            Assert.Equal(1, ran);
        }
    }

    [Fact]
    public void A_failure_before_a_single_task_ends_the_step_everywhere()
    {
        using var team = new ThreadTeam(4);
        for (var step = 0; step < 50; step++)
        {
            var failing = step % 4;
            var done = 0;
            Assert.Throws<ArithmeticException>(() => team.TryRun(new Work(worker =>
            {
                if (worker.Index == failing)
                    throw new ArithmeticException();
                var share = worker.Tasks(1);
                Interlocked.Increment(ref done);
                share.End();
            })));
            Assert.Equal(0, done);
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

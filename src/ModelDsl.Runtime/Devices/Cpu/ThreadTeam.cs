using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using ModelDsl.Compiled;

namespace ModelDsl.Devices.Cpu;

/// <summary>The work of a step: every worker calls it once, at the same time.</summary>
internal interface IWork
{
    /// <summary>Decides whether the work runs on several threads.</summary>
    ParallelBackOff BackOff { get; }

    /// <summary>Runs the part of one worker.</summary>
    /// <param name="worker">The worker.</param>
    void Run(Worker worker);
}

/// <summary>
/// Threads that run steps together with the calling thread, which is worker 0. They are started at the first step and wait between
/// steps. Only one step runs at a time: a caller that finds the team busy does the work alone, with the same result.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    private readonly int count;
    private readonly TeamBarrier barrier;
    private readonly EventCount start;
    private readonly EventCount finish;
    private readonly Thread?[] threads;
    private IWork? work;
    private Exception? failure;
    private int busy;
    private PaddedInt remaining;
    private volatile bool stopping;

    /// <summary>Creates a team.</summary>
    /// <param name="count">The number of workers, including the calling thread.</param>
    public ThreadTeam(int count)
    {
        var spins = count <= Environment.ProcessorCount;
        this.count = count;
        barrier = new TeamBarrier(count, spins);
        start = new EventCount(spins);
        finish = new EventCount(spins);
        threads = new Thread?[count];
    }

    /// <summary>Whether the threads are still spinning or yielding for the next step, and not parked.</summary>
    public bool IsAwake => threads[^1] is not null && !start.HasParked;

    /// <summary>Runs work on all workers, unless the team is busy or disposed.</summary>
    /// <param name="work">The work.</param>
    /// <returns>False if the work was not run.</returns>
    /// <remarks>An exception in any worker ends the step on all of them and is thrown here.</remarks>
    public bool TryRun(IWork work)
    {
        if (Interlocked.CompareExchange(ref busy, 1, 0) != 0)
            return false;

        try
        {
            if (threads[^1] is null)
                StartThreads();
            RunTogether(work);
            return true;
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    /// <summary>Ends the threads when they are idle. The team then refuses work.</summary>
    public void Dispose()
    {
        if (stopping)
            return;

        // The team stays busy from here on, so that no caller can give work to threads that are ending.
        var wait = default(SpinWait);
        while (Interlocked.CompareExchange(ref busy, 1, 0) != 0)
            wait.SpinOnce();
        stopping = true;
        start.Advance();
    }

    private void RunTogether(IWork work)
    {
        this.work = work;
        Volatile.Write(ref remaining.Value, count - 1);
        start.Advance();
        RunPart(work, 0);
        while (true)
        {
            // The order matters: the last worker first decrements the counter and then advances the event count, perhaps only during the next step.
            var seen = finish.Value;
            if (Volatile.Read(ref remaining.Value) == 0)
                break;
            finish.WaitWhile(seen);
        }

        this.work = null;
        if (failure is { } exception)
        {
            failure = null;
            barrier.Reset();
            ExceptionDispatchInfo.Throw(exception);
        }
    }

    private void RunPart(IWork work, int index)
    {
        try
        {
            work.Run(new Worker(index, count, barrier));
        }
        catch (StepAbortedException)
        {
            // The worker that failed has stored its exception.
        }
#pragma warning disable CA1031 // it is rethrown on the calling thread
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref failure, exception, null);
            barrier.Poison();
        }
#pragma warning restore CA1031
    }

    private void StartThreads()
    {
        // The value is read here: a thread that starts late must not miss its first step.
        var seen = start.Value;
        for (var i = 1; i < count; i++)
        {
            var index = i;
            threads[i] = new Thread(() => WorkerLoop(index, seen)) { IsBackground = true, Name = $"ModelDsl worker {i}" };
            threads[i]!.Start();
        }
    }

    private void WorkerLoop(int index, int seen)
    {
        while (true)
        {
            start.WaitWhile(seen);
            seen++;
            if (stopping)
                return;
            RunPart(work!, index);
            if (Interlocked.Decrement(ref remaining.Value) == 0)
                finish.Advance();
        }
    }

    /// <summary>On separate cache lines, because all workers decrement it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedInt
    {
        [FieldOffset(128)]
        public int Value;
    }
}

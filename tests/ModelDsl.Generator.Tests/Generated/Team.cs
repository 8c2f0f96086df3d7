using System.Runtime.ExceptionServices;
using ModelDsl.Compiled;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Workers on threads of their own, however small the work: the device would do it alone.</summary>
internal static class Team
{
    public static void Run(int workers, Action<Worker> work)
    {
        if (workers == 1)
        {
            work(Worker.Single);
            return;
        }

        using var barrier = new Meeting(workers);
        Exception? failure = null;
        var threads = Enumerable.Range(0, workers).Select(index => new Thread(() =>
        {
            try
            {
                work(new Worker(index, workers, barrier));
            }
            catch (Exception exception)
            {
                failure = exception;
                barrier.Abandon();
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }

    private sealed class Meeting(int count) : IBarrier, IDisposable
    {
        private readonly Barrier barrier = new(count);
        private readonly CancellationTokenSource abandoned = new();
        private int arrived;

        public bool Arrive()
        {
            if (Interlocked.Increment(ref arrived) == count)
            {
                arrived = 0;
                return true;
            }

            barrier.SignalAndWait(abandoned.Token);
            return false;
        }

        public void Release() => barrier.SignalAndWait(abandoned.Token);

        public void Abandon() => abandoned.Cancel();

        public void Dispose()
        {
            barrier.Dispose();
            abandoned.Dispose();
        }
    }
}

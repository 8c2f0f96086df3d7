using System.Diagnostics;

namespace ModelDsl.Generator.Tests.Incrementality;

/// <summary>Runs something, cancels it while it runs, and measures how long it takes to stop.</summary>
/// <param name="run">What is run: the same work each time.</param>
internal sealed class CancelledRun(Action<CancellationToken> run)
{
    // Other tests run at the same time: the shortest of some times is the one that they have least to do with.
    private const int Tries = 3;

    /// <summary>The duration without cancellation: the shortest of the runs until now, because the JIT optimizes the work while it is repeated.</summary>
    public TimeSpan Whole { get; private set; } = Measure(run);

    /// <summary>The time from the cancellation to the end, which may be the end of the work.</summary>
    /// <param name="share">When to cancel, as a share of the whole time.</param>
    /// <returns>The shortest of several times; the greatest there is when the work was always done before.</returns>
    public TimeSpan TimeToStop(double share)
    {
        var shortest = TimeSpan.MaxValue;
        for (var i = 0; i < Tries || (shortest == TimeSpan.MaxValue && i < 10 * Tries); i++)
        {
            if (Try(Whole * share) is { } time && time < shortest) shortest = time;
        }

        return shortest;
    }

    private TimeSpan? Try(TimeSpan after)
    {
        using var source = new CancellationTokenSource();
        var started = Stopwatch.GetTimestamp();
        var cancelled = 0L;
        var canceller = new Thread(() =>
        {
            Thread.Sleep(after);
            cancelled = Stopwatch.GetTimestamp();
            source.Cancel();
        })
        { Priority = ThreadPriority.Highest };
        canceller.Start();
        var isStopped = false;
        try
        {
            run(source.Token);
        }
        catch (OperationCanceledException)
        {
            isStopped = true;
        }

        var ended = Stopwatch.GetTimestamp();
        canceller.Join();

        if (isStopped || ended > cancelled) return Stopwatch.GetElapsedTime(cancelled, ended);

        // The work was done before: nothing was cancelled, and the next try cancels earlier.
        var whole = Stopwatch.GetElapsedTime(started, ended);
        if (whole < Whole) Whole = whole;
        return null;
    }

    private static TimeSpan Measure(Action<CancellationToken> run)
    {
        run(default);
        var shortest = TimeSpan.MaxValue;
        for (var i = 0; i < 2; i++)
        {
            var start = Stopwatch.GetTimestamp();
            run(default);
            var time = Stopwatch.GetElapsedTime(start);
            if (time < shortest) shortest = time;
        }

        return shortest;
    }
}

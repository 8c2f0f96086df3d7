using System.Diagnostics;

namespace ModelDsl.Distributed.Mpi;

/// <summary>
/// How long a rank has waited while it could run. The time in which its process was stopped does not count: if a scheduler stops a job and continues it, the rank that continues first would otherwise end the job.
/// </summary>
internal struct WaitClock()
{
    /// <summary>Between two looks, a process that runs needs less time.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(0.5);

    private long last = Stopwatch.GetTimestamp();
    private TimeSpan waited;

    /// <summary>Returns the time so far. It is called again and again.</summary>
    public TimeSpan Look()
    {
        var now = Stopwatch.GetTimestamp();
        var gap = Stopwatch.GetElapsedTime(last, now);
        last = now;
        return waited += gap < LongestGap ? gap : LongestGap;
    }
}

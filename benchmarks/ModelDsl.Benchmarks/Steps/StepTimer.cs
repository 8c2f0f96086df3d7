using System.Diagnostics;

namespace ModelDsl.Benchmarks.Steps;

/// <summary>Times one call after the other for some seconds.</summary>
internal static class StepTimer
{
    /// <summary>More calls than this are not counted.</summary>
    private const int MostCalls = 1 << 22;

    /// <summary>Runs a step until the time is over: a part of it to warm up, the rest measured.</summary>
    /// <param name="step">What is timed.</param>
    /// <param name="seconds">How long to measure.</param>
    /// <param name="group">The group of ranks that run the step together; null for none.</param>
    public static StepTimes Run(Action step, double seconds, Collective? group = null)
    {
        var ticks = new long[MostCalls];
        var (most, warmUp) = (MostCalls, Math.Min(1, seconds / 3));
        if (group is null)
        {
            Until(step, warmUp, ticks, most);
        }
        else
        {
            Times(step, 5, ticks);
            Times(step, Steps(warmUp), ticks);
            most = Steps(seconds);
        }

        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var count = group is null ? Until(step, seconds, ticks, most) : Times(step, most, ticks);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Array.Sort(ticks, 0, count);
        return new StepTimes(count, Milliseconds(ticks[count / 2]), Milliseconds(ticks[0]), Milliseconds(ticks[count / 10]), (double)allocated / count);

        // All ranks run the same number of steps: that of the root.
        int Steps(double time)
        {
            var bytes = BitConverter.GetBytes((int)Math.Clamp(time * Stopwatch.Frequency / ticks[4], 7, MostCalls));
            group!.Broadcast(bytes);
            return BitConverter.ToInt32(bytes);
        }
    }

    private static int Times(Action step, int count, long[] ticks) => Until(step, double.PositiveInfinity, ticks, count);

    private static int Until(Action step, double seconds, long[] ticks, int most)
    {
        var (count, last) = (0, Stopwatch.GetTimestamp());
        var end = double.IsInfinity(seconds) ? long.MaxValue : last + (long)(seconds * Stopwatch.Frequency);
        while ((last < end || count < 7) && count < most)
        {
            step();
            var now = Stopwatch.GetTimestamp();
            ticks[count++] = now - last;
            last = now;
        }

        return count;
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}

/// <summary>What a measurement brought.</summary>
/// <param name="Steps">Number of measured steps.</param>
/// <param name="MedianMs">The middle one of the times.</param>
/// <param name="MinMs">The shortest time.</param>
/// <param name="P10Ms">A tenth of the times are below this.</param>
/// <param name="AllocatedBytesPerStep">Managed memory of all threads.</param>
internal sealed record StepTimes(int Steps, double MedianMs, double MinMs, double P10Ms, double AllocatedBytesPerStep);

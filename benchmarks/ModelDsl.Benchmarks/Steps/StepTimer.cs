using System.Diagnostics;

namespace ModelDsl.Benchmarks.Steps;

/// <summary>Times one call after the other for some seconds.</summary>
internal static partial class StepTimer
{
    /// <summary>More calls than this are not counted.</summary>
    private const int MostCalls = 1 << 22;

    /// <summary>Runs a step until the time is over: a part of it to warm up, the rest measured.</summary>
    /// <param name="step">What is timed.</param>
    /// <param name="seconds">How long to measure.</param>
    public static StepTimes Run(Action step, double seconds)
    {
        var ticks = new long[MostCalls];
        Until(step, WarmUp(seconds), ticks, MostCalls);
        return Measure(ticks, () => Until(step, seconds, ticks, MostCalls));
    }

    private static double WarmUp(double seconds) => Math.Min(1, seconds / 3);

    private static StepTimes Measure(long[] ticks, Func<int> run)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var count = run();
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Array.Sort(ticks, 0, count);
        return new StepTimes(count, Milliseconds(ticks[count / 2]), Milliseconds(ticks[0]), Milliseconds(ticks[count / 10]), (double)allocated / count);
    }

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

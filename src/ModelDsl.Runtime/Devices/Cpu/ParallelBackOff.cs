using System.Diagnostics;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// Detects that threads delay each other because other programs use the cores: a step whose workers wait for each other at every
/// phase then slows down by far more than the share of the cores that is missing. Such work runs on one thread for a while and then on all threads again.
/// Only the time changes: results have the same bits either way.
/// </summary>
internal sealed class ParallelBackOff
{
    /// <summary>A step is slow if it takes this many times as long as the calling thread alone would take at the best speed seen.</summary>
    private const int Margin = 3;

    /// <summary>The number of consecutive slow steps before work continues on one thread.</summary>
    private const int SlowSteps = 3;

    private const int LeastPenalty = 16, MostPenalty = 1024;

    private double best = double.PositiveInfinity;
    private int slow;
    private int alone;
    private int penalty = LeastPenalty;

    /// <summary>Whether to run the next step on all threads.</summary>
    public bool TryTogether()
    {
        if (alone == 0)
            return true;
        alone--;
        return false;
    }

    /// <summary>Records the time of a step that ran on several threads.</summary>
    /// <param name="begin">The start of the step, from <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="size">The amount of work, in any unit.</param>
    /// <param name="workers">The number of workers.</param>
    public void Record(long begin, long size, int workers) => Learn((Stopwatch.GetTimestamp() - begin) / (double)Math.Max(1, size), workers);

    /// <summary>Records the time that a unit of work took.</summary>
    /// <param name="time">The time, in any unit.</param>
    /// <param name="workers">The number of workers.</param>
    internal void Learn(double time, int workers)
    {
        best = Math.Min(best, time);
        if (time <= Margin * workers * best)
        {
            slow = 0;
            penalty = LeastPenalty;
        }
        else if (++slow == SlowSteps)
        {
            slow = 0;
            alone = penalty;
            penalty = Math.Min(2 * penalty, MostPenalty);
        }
    }
}

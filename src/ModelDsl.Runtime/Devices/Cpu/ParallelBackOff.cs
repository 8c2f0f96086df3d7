using System.Diagnostics;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// Notices when threads get in each other's way because other programs want the cores: a step whose workers wait for each other at every
/// phase is slowed down by far more than their share of the machine. Such work is done alone for a while, and then tried together again.
/// Only times change: results are the same bits either way.
/// </summary>
internal sealed class ParallelBackOff
{
    /// <summary>Slower than the calling thread alone by this, at the best speed seen, and it is time to work alone.</summary>
    private const int Margin = 3;

    /// <summary>So often in a row.</summary>
    private const int SlowSteps = 3;

    private const int LeastPenalty = 16, MostPenalty = 1024;

    private double best = double.PositiveInfinity;
    private int slow;
    private int alone;
    private int penalty = LeastPenalty;

    /// <summary>Whether the next step should be tried together.</summary>
    public bool TryTogether()
    {
        if (alone == 0)
            return true;
        alone--;
        return false;
    }

    /// <summary>Learns from a step done together.</summary>
    /// <param name="begin">When it began, as <see cref="Stopwatch.GetTimestamp"/> says.</param>
    /// <param name="size">How much work it was, in any unit.</param>
    /// <param name="workers">By how many workers.</param>
    public void Record(long begin, long size, int workers) => Learn((Stopwatch.GetTimestamp() - begin) / (double)Math.Max(1, size), workers);

    /// <summary>Learns from the time a unit of work took.</summary>
    /// <param name="time">The time, in any unit.</param>
    /// <param name="workers">By how many workers.</param>
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

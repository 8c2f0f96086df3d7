using System.Diagnostics;

namespace ModelDsl.Benchmarks.Steps;

/// <content>Steps of a group. They are in a file of their own because programs without ModelDsl use the clock too.</content>
internal static partial class StepTimer
{
    /// <summary>Runs a step of a group of ranks until the time is over: a part of it to warm up, the rest measured.</summary>
    /// <param name="step">What is timed.</param>
    /// <param name="seconds">How long to measure.</param>
    /// <param name="group">The group of ranks that run the step together.</param>
    public static StepTimes Run(Action step, double seconds, Collective group)
    {
        var ticks = new long[MostCalls];
        Times(step, 5, ticks);
        Times(step, Steps(WarmUp(seconds)), ticks);
        var most = Steps(seconds);
        return Measure(ticks, () => Times(step, most, ticks));

        // All ranks run the same number of steps: that of the root.
        int Steps(double time)
        {
            var bytes = BitConverter.GetBytes((int)Math.Clamp(time * Stopwatch.Frequency / ticks[4], 7, MostCalls));
            group.Broadcast(bytes);
            return BitConverter.ToInt32(bytes);
        }
    }

    private static int Times(Action step, int count, long[] ticks) => Until(step, double.PositiveInfinity, ticks, count);
}

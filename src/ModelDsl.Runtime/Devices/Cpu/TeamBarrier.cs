using System.Runtime.InteropServices;
using ModelDsl.Compiled;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// The barrier of the workers of a step between phases. A worker that fails poisons it, so that the others do not wait forever.
/// </summary>
/// <param name="count">The number of workers.</param>
/// <param name="spins">Whether there is a core for each worker.</param>
internal sealed class TeamBarrier(int count, bool spins) : IBarrier
{
    private readonly EventCount eventCount = new(spins);
    private Padded state;

    /// <inheritdoc/>
    /// <exception cref="StepAbortedException">Another worker failed.</exception>
    public void Wait()
    {
        // The order matters: a thread that reads a value from after the poisoning then also reads that the barrier is poisoned.
        var seen = eventCount.Value;
        if (Volatile.Read(ref state.Poisoned))
            throw new StepAbortedException();

        if (Interlocked.Increment(ref state.Arrived) == count)
        {
            // No thread arrives at the next barrier before the event count has released it.
            Volatile.Write(ref state.Arrived, 0);
            eventCount.Advance();
            return;
        }

        eventCount.WaitWhile(seen);
        if (Volatile.Read(ref state.Poisoned))
            throw new StepAbortedException();
    }

    /// <summary>Makes every thread that waits now or later throw <see cref="StepAbortedException"/>.</summary>
    public void Poison()
    {
        Volatile.Write(ref state.Poisoned, true);
        eventCount.Advance();
    }

    /// <summary>Makes the barrier usable again. No thread may be waiting at it.</summary>
    public void Reset()
    {
        state.Arrived = 0;
        Volatile.Write(ref state.Poisoned, false);
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Padded
    {
        [FieldOffset(128)]
        public int Arrived;

        [FieldOffset(132)]
        public bool Poisoned;
    }
}

/// <summary>Ends the part of a worker in a step in which another worker failed. Callers of the team never see it.</summary>
internal sealed class StepAbortedException : Exception;

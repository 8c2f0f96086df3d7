using System.Runtime.InteropServices;
using ModelDsl.Compiled;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// Where the workers of a step meet between phases. A worker that fails poisons it, so that the others do not wait for ever.
/// </summary>
/// <param name="count">Number of workers.</param>
/// <param name="spins">Whether there is a core for each of them.</param>
internal sealed class TeamBarrier(int count, bool spins) : IBarrier
{
    private readonly EventCount eventCount = new(spins);
    private Padded state;

    /// <inheritdoc/>
    /// <exception cref="StepAbortedException">Another worker failed.</exception>
    public void Wait()
    {
        // In this order: who reads a value from after a poisoning also reads that it was one.
        var seen = eventCount.Value;
        if (Volatile.Read(ref state.Poisoned))
            throw new StepAbortedException();

        if (Interlocked.Increment(ref state.Arrived) == count)
        {
            // Nobody arrives for the next time before the event count has let them go.
            Volatile.Write(ref state.Arrived, 0);
            eventCount.Advance();
            return;
        }

        eventCount.WaitWhile(seen);
        if (Volatile.Read(ref state.Poisoned))
            throw new StepAbortedException();
    }

    /// <summary>Makes everybody who waits or will wait throw <see cref="StepAbortedException"/>.</summary>
    public void Poison()
    {
        Volatile.Write(ref state.Poisoned, true);
        eventCount.Advance();
    }

    /// <summary>Makes it usable again. Nobody may be in it.</summary>
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

/// <summary>Ends a worker's part of a step in which another worker failed; never leaves the team.</summary>
internal sealed class StepAbortedException : Exception;

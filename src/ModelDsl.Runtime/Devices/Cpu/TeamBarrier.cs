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
    private readonly EventCount released = new(spins);
    private Padded arrived;

    /// <inheritdoc/>
    /// <exception cref="StepAbortedException">Another worker failed.</exception>
    public bool Arrive()
    {
        // The order matters: a thread that reads a value from after the poisoning then also reads that the barrier is poisoned.
        var seen = released.Value;
        ThrowIfPoisoned();
        if (Interlocked.Increment(ref arrived.Value) == count)
        {
            // No thread arrives at the next barrier before the event count has released it.
            Volatile.Write(ref arrived.Value, 0);
            return true;
        }

        released.WaitWhile(seen);
        ThrowIfPoisoned();
        return false;
    }

    /// <inheritdoc/>
    public void Release() => released.Advance();

    /// <summary>Makes every thread that waits now or later throw <see cref="StepAbortedException"/>.</summary>
    public void Poison() => released.Close();

    /// <summary>Makes the barrier usable again. No thread may be waiting at it.</summary>
    public void Reset()
    {
        arrived.Value = 0;
        released.Open();
    }

    private void ThrowIfPoisoned()
    {
        if (released.IsClosed)
            throw new StepAbortedException();
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Padded
    {
        [FieldOffset(128)]
        public int Value;
    }
}

/// <summary>Ends the part of a worker in a step in which another worker failed. Callers of the team never see it.</summary>
internal sealed class StepAbortedException : Exception;

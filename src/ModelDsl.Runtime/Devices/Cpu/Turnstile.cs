using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// A number that one thread advances and others wait for. Waiting threads spin, then yield, then park: spinning is answered within
/// tens of nanoseconds, but for ever it would keep the awaited thread off its core when other programs are busy; waking a parked
/// thread costs a good part of a millisecond. A parked core, on the other hand, is where the system moves the awaited thread.
/// </summary>
/// <param name="spins">False where there are more threads than cores, and spinning only keeps others from running.</param>
internal sealed class Turnstile(bool spins)
{
    /// <summary>How long threads spin: several times a phase of a small step.</summary>
    private static readonly long SpinTicks = Stopwatch.Frequency / 10_000;

    private readonly object parking = new();
    private Padded state;

    /// <summary>How often it was advanced.</summary>
    public int Value => Volatile.Read(ref state.Value);

    /// <summary>Lets waiting threads go.</summary>
    public void Advance()
    {
        // A full fence: either this thread sees that someone has parked, or the one about to park sees the new value.
        Interlocked.Increment(ref state.Value);
        if (Volatile.Read(ref state.Parked) != 0)
            Wake();
    }

    /// <summary>Waits until the value is no longer the given one.</summary>
    /// <param name="seen">The value.</param>
    public void WaitWhile(int seen)
    {
        if (spins)
        {
            // Without a clock at first: most waits are over within a microsecond.
            for (var i = 0; i < 100; i++)
            {
                if (Value != seen)
                    return;
                Pause();
            }

            for (var until = Stopwatch.GetTimestamp() + SpinTicks; Stopwatch.GetTimestamp() < until;)
            {
                for (var i = 0; i < 50; i++)
                {
                    if (Value != seen)
                        return;
                    Pause();
                }
            }
        }

        for (var i = 0; i < 20; i++)
        {
            if (Value != seen)
                return;
            Thread.Yield();
        }

        Park(seen);
    }

    private static void Pause()
    {
        if (X86Base.IsSupported)
            X86Base.Pause();
        else if (ArmBase.IsSupported)
            ArmBase.Yield();
        else
            Thread.SpinWait(1);
    }

    private void Park(int seen)
    {
        Interlocked.Increment(ref state.Parked);
        lock (parking)
        {
            while (Value == seen)
                Monitor.Wait(parking);
        }

        Interlocked.Decrement(ref state.Parked);
    }

    private void Wake()
    {
        lock (parking)
            Monitor.PulseAll(parking);
    }

    /// <summary>Alone on its cache lines (two of 64 bytes, since processors fetch them in pairs), so that spinning disturbs nobody.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Padded
    {
        [FieldOffset(128)]
        public int Value;

        [FieldOffset(132)]
        public int Parked;
    }
}

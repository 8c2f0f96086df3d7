using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// A number that one thread advances and others wait for. Waiting threads spin, then yield, then park. Spinning is answered within tens of
/// nanoseconds, but when other programs keep the cores busy, the awaited thread may sit on the very core that spins: a step of 0.1 ms
/// then took 2.5 ms. So an event count adapts: when a yield is answered at once, it spins half as long the next time, and longer again
/// when spinning does. Parking spares the core, but waking costs up to a quarter of a millisecond; threads wait several times as
/// long before they park, or two that wait for each other in turn would both have parked, every time.
/// </summary>
/// <param name="spins">False where there are more threads than cores, and spinning only keeps others from running.</param>
internal sealed class EventCount(bool spins)
{
    /// <summary>The most and the least pauses a waiting thread spins before it yields: some 40 µs, and less than 1.</summary>
    private const int MostPauses = 2_000, LeastPauses = 32;

    /// <summary>How long it yields before it parks.</summary>
    private static readonly long YieldTicks = Stopwatch.Frequency / 1_000;

    private readonly object parking = new();
    private int pauses = spins ? MostPauses : 0;
    private Padded state;

    /// <summary>How often it was advanced.</summary>
    public int Value => Volatile.Read(ref state.Value);

    /// <summary>Whether a waiting thread has parked.</summary>
    public bool HasParked => Volatile.Read(ref state.Parked) != 0;

    /// <summary>Lets waiting threads go.</summary>
    public void Advance()
    {
        // A full fence: either this thread sees that someone has parked, or the one about to park sees the new value.
        Interlocked.Increment(ref state.Value);
        if (HasParked)
            Wake();
    }

    /// <summary>Waits until the value is no longer the given one.</summary>
    /// <param name="seen">The value.</param>
    public void WaitWhile(int seen)
    {
        var most = pauses;
        for (var i = 0; i < most; i++)
        {
            if (Value != seen)
            {
                if (most < MostPauses)
                    pauses = Math.Min(most + (most / 4), MostPauses);
                return;
            }

            Pause();
        }

        YieldWhile(seen, most);
    }

    private void YieldWhile(int seen, int spun)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var yields = 0; Stopwatch.GetTimestamp() - begin < YieldTicks; yields++)
        {
            if (Value != seen)
            {
                // A yield that was answered at once: the awaited thread sits on this core, because others are busy, and spinning kept it from running.
                if (yields <= 2)
                    pauses = Math.Max(spun / 2, spins ? LeastPauses : 0);
                return;
            }

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

    /// <summary>
    /// Alone on its cache lines (two of 64 bytes, since processors fetch them in pairs), so that spinning disturbs nobody.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Padded
    {
        [FieldOffset(128)]
        public int Value;

        [FieldOffset(132)]
        public int Parked;
    }
}

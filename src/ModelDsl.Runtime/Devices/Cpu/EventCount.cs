using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// A number that one thread advances and others wait for. Waiting threads spin, then yield, then park. A spinning thread sees the change within tens of
/// nanoseconds. But when other programs keep the cores busy, the awaited thread may be scheduled on the core that spins: a step of 0.1 ms
/// then took 2.5 ms. So an event count adapts: when the change arrives during the first yields, it halves the time that it spins next time, and increases it
/// again when the change arrives during spinning. Parking frees the core, but waking takes up to a quarter of a millisecond. Threads therefore wait several times as
/// long before they park; otherwise two threads that wait for each other alternately would both park every time.
/// </summary>
/// <param name="spins">False if there are more threads than cores, so that spinning only keeps other threads from running.</param>
internal sealed class EventCount(bool spins)
{
    /// <summary>The most and the fewest pauses for which a waiting thread spins before it yields: about 40 µs, and less than 1 µs.</summary>
    private const int MostPauses = 2_000, LeastPauses = 32;

    /// <summary>How long a waiting thread yields before it parks.</summary>
    private static readonly long YieldTicks = Stopwatch.Frequency / 1_000;

    private readonly object parking = new();
    private int pauses = spins ? MostPauses : 0;
    private Padded state;

    /// <summary>The number of times that it was advanced.</summary>
    public int Value => Volatile.Read(ref state.Value);

    /// <summary>Whether a waiting thread has parked.</summary>
    public bool HasParked => Volatile.Read(ref state.Parked) != 0;

    /// <summary>
    /// Whether threads must not wait for the value. It is next to the value, so that a released thread does not fetch another cache line to read it. A thread that reads a value from
    /// after the end reads true here.
    /// </summary>
    public bool IsClosed => Volatile.Read(ref state.IsClosed);

    /// <summary>Sets <see cref="IsClosed"/> and releases waiting threads.</summary>
    public void Close()
    {
        Volatile.Write(ref state.IsClosed, true);
        Advance();
    }

    /// <summary>Resets <see cref="IsClosed"/>.</summary>
    public void Open() => Volatile.Write(ref state.IsClosed, false);

    /// <summary>Advances the value and releases waiting threads.</summary>
    public void Advance()
    {
        // A full fence: either this thread sees that another has parked, or the other thread sees the new value before it parks.
        Interlocked.Increment(ref state.Value);
        if (HasParked)
            Wake();
    }

    /// <summary>Waits until the value differs from the given one.</summary>
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
                // The value changed during the first yields: the awaited thread ran on this core, because others are busy, and spinning delayed it.
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
    /// On separate cache lines (two of 64 bytes, since processors fetch them in pairs), so that spinning does not slow down other data.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Padded
    {
        [FieldOffset(128)]
        public int Value;

        [FieldOffset(132)]
        public int Parked;

        [FieldOffset(136)]
        public bool IsClosed;
    }
}

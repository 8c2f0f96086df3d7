namespace ModelDsl.Distributed;

/// <summary>What the thread of a <see cref="GradientExchange"/> and the thread of the step know of each other.</summary>
internal sealed class BackgroundPace
{
    /// <summary>The position that stands for all sums, also those of states.</summary>
    public const int All = -1;

    /// <summary>How long the exchange leaves the cores to the pass between two tests for a message, in milliseconds.</summary>
    private const int Patience = 1;

    private readonly object gate = new();
    private bool isRunning;
    private volatile bool isStopped;
    private volatile bool isPassOver = true;
    private volatile int final = All;
    private volatile int awaited = All;

    /// <summary>Whether the thread of the exchange is to end.</summary>
    public bool IsStopped => isStopped;

    /// <summary>Begins an exchange during a pass.</summary>
    /// <param name="length">The number of gradients.</param>
    public void Begin(int length)
    {
        lock (gate)
        {
            (isRunning, isPassOver, final, awaited) = (true, false, length, length);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Announces sums that are final.</summary>
    /// <param name="from">The position from which on all sums of gradients are final.</param>
    public void Completed(int from)
    {
        final = from;

        // Written before the other value is read, here and in WaitForSums: otherwise both threads could miss each other's value, and the exchange would wait until the next announcement.
        Interlocked.MemoryBarrier();
        if (from > awaited)
            return;
        lock (gate)
            Monitor.PulseAll(gate);
    }

    /// <summary>Announces that all sums are final, and waits for the end of the exchange.</summary>
    public void WaitForEnd()
    {
        lock (gate)
        {
            (isPassOver, final) = (true, All);
            Monitor.PulseAll(gate);
            while (isRunning)
                Monitor.Wait(gate);
        }
    }

    /// <summary>Ends the thread of the exchange.</summary>
    public void Stop()
    {
        lock (gate)
        {
            isStopped = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits for the beginning of an exchange.</summary>
    /// <returns>False if there is none.</returns>
    public bool WaitForBegin()
    {
        lock (gate)
        {
            while (!isRunning && !isStopped)
                Monitor.Wait(gate);
            return !isStopped;
        }
    }

    /// <summary>Waits until sums are final.</summary>
    /// <param name="from">The position of the first of them.</param>
    /// <exception cref="OperationCanceledException">The step was given up.</exception>
    public void WaitForSums(int from)
    {
        lock (gate)
        {
            awaited = from;
            Interlocked.MemoryBarrier();
            while (final > from)
            {
                if (isStopped)
                    throw new OperationCanceledException();
                Monitor.Wait(gate);
            }
        }
    }

    /// <summary>Waits before a message is tested for again: longer if the cores compute meanwhile.</summary>
    /// <returns>Whether the pass was computing.</returns>
    public bool Pause()
    {
        if (isPassOver)
        {
            Thread.Yield();
            return false;
        }

        lock (gate)
        {
            if (!isPassOver)
                Monitor.Wait(gate, Patience);
        }

        return true;
    }

    /// <summary>Announces the end of the exchange.</summary>
    public void Ended()
    {
        lock (gate)
        {
            isRunning = false;
            Monitor.PulseAll(gate);
        }
    }
}

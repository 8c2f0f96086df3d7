using System.Runtime.ExceptionServices;

namespace ModelDsl;

/// <summary>
/// Fills batches on one background thread, a few ahead of the consumer. The thread lives as long as the pass; batches arrive in the order
/// in which they are produced, so timing decides nothing but who waits.
/// </summary>
internal sealed class PrefetchingReader(BatchProducer producer, Func<Batch> allocate) : BatchReader
{
    private const int MostBatches = 8;
    private const long MostBytes = 32L << 20;

    private readonly object gate = new();
    private Batch[]? ring;
    private Thread? thread;
    private CancellationTokenSource? stop;
    private CancellationToken cancellation;
    private CancellationTokenRegistration wakeUp;

    // Guarded by the gate. Batches are counted, not indexed: number n lies in ring[n % ring.Length].
    private long filled;
    private long released;
    private bool producerWaits;
    private bool ended;
    private ExceptionDispatchInfo? failure;
    private bool holdsBatch;

    public override void Begin(ulong seed, ulong pass, CancellationToken cancellation)
    {
        ring ??= AllocateRing();
        (filled, released, producerWaits, ended, failure, holdsBatch) = (0, 0, false, false, null, false);
        this.cancellation = cancellation;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        wakeUp = stop.Token.UnsafeRegister(static self => ((PrefetchingReader)self!).WakeAll(), this);
        thread = new Thread(() => Produce(seed, pass, stop.Token)) { IsBackground = true, Name = "ModelDsl prefetch" };
        thread.Start();
    }

    public override Batch? Next()
    {
        SpinUntilFilled();
        lock (gate)
        {
            if (holdsBatch)
            {
                holdsBatch = false;
                released++;
                // Waking a thread takes longer than filling a small batch: let it sleep until it has several to fill.
                if (producerWaits && filled - released <= ring!.Length / 2)
                    Monitor.PulseAll(gate);
            }

            while (filled == released && !ended && !cancellation.IsCancellationRequested)
            {
                Monitor.PulseAll(gate);
                Monitor.Wait(gate);
            }

            cancellation.ThrowIfCancellationRequested();
            if (filled == released)
            {
                failure?.Throw();
                return null;
            }

            holdsBatch = true;
            return ring![released % ring.Length];
        }
    }

    public override void End()
    {
        stop?.Cancel();
        thread?.Join();
        wakeUp.Dispose();
        stop?.Dispose();
        (thread, stop) = (null, null);
    }

    private Batch[] AllocateRing()
    {
        var first = allocate();
        var bytes = first.Columns.Sum(column => 4L * column.Length) * first.Capacity;
        var batches = new Batch[(int)Math.Clamp(MostBytes / bytes, 2, MostBatches)];
        batches[0] = first;
        for (var i = 1; i < batches.Length; i++)
            batches[i] = allocate();
        return batches;
    }

    private void Produce(ulong seed, ulong pass, CancellationToken stopping)
    {
        try
        {
            producer.Begin(seed, pass, stopping);
            while (WaitForRoom(stopping) is { } batch && producer.Fill(batch))
            {
                lock (gate)
                {
                    filled++;
                    Monitor.PulseAll(gate);
                }
            }
        }
#pragma warning disable CA1031 // Whatever fails here is thrown where the consumer asks for the batch.
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
        finally
        {
            Finish();
        }
#pragma warning restore CA1031
    }

    private void Finish()
    {
        try
        {
            producer.End();
        }
#pragma warning disable CA1031 // As above; the first failure is the one that counts.
        catch (Exception exception)
        {
            failure ??= ExceptionDispatchInfo.Capture(exception);
        }
#pragma warning restore CA1031

        lock (gate)
        {
            ended = true;
            Monitor.PulseAll(gate);
        }
    }

    private Batch? WaitForRoom(CancellationToken stopping)
    {
        lock (gate)
        {
            while (filled - released == ring!.Length && !stopping.IsCancellationRequested)
            {
                producerWaits = true;
                Monitor.Wait(gate);
            }

            producerWaits = false;
            return stopping.IsCancellationRequested ? null : ring[filled % ring.Length];
        }
    }

    /// <summary>The next batch is often a few microseconds away; a short spin is cheaper than sleeping for it.</summary>
    private void SpinUntilFilled()
    {
        var spin = default(SpinWait);
        while (!spin.NextSpinWillYield && Volatile.Read(ref filled) <= Volatile.Read(ref released) + (holdsBatch ? 1 : 0) && !Volatile.Read(ref ended))
            spin.SpinOnce(sleep1Threshold: -1);
    }

    private void WakeAll()
    {
        lock (gate)
            Monitor.PulseAll(gate);
    }
}

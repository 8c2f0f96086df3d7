using System.Runtime.ExceptionServices;

namespace ModelDsl;

/// <summary>
/// Fills batches on background threads, a few batches ahead of the consumer. It uses several threads if filling a batch takes time and the data allows it. The
/// threads live as long as the pass. Batches are returned in the order of their numbers, so that timing does not affect the result.
/// </summary>
internal sealed class PrefetchingReader : BatchReader
{
    private const int MostBatches = 8;
    private const long MostBytesPerThread = 32L << 20;

    private readonly object gate = new();
    private readonly BatchProducer producer;
    private readonly Func<Batch> allocate;
    private Batch[] ring = [];
    private int threads;
    private Thread? lead;
    private CancellationTokenSource? stop;
    private CancellationToken cancellation;
    private CancellationTokenRegistration wakeUp;

    // Protected by the gate. Batch n is stored in ring[n % ring.Length].
    private bool[] ready = [];
    private long taken;
    private long released;
    private long end;
    private int producersWaiting;
    private bool ended;
    private ExceptionDispatchInfo? failure;
    private bool holdsBatch;

    public PrefetchingReader(BatchProducer producer, Func<Batch> allocate)
    {
        this.producer = producer;
        this.allocate = allocate;
    }

    public override void Begin(DataPass pass, long first, CancellationToken cancellation)
    {
        if (ring.Length == 0)
            AllocateRing();
        Array.Clear(ready);
        (taken, released, end, producersWaiting, ended, failure, holdsBatch) = (first, first, long.MaxValue, 0, false, null, false);
        this.cancellation = cancellation;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        wakeUp = stop.Token.UnsafeRegister(static self => ((PrefetchingReader)self!).WakeAll(), this);
        lead = Start(() => Produce(pass, stop.Token));
    }

    public override Batch? Next()
    {
        SpinUntilReady();
        lock (gate)
        {
            if (holdsBatch)
            {
                holdsBatch = false;
                ready[released % ring.Length] = false;
                released++;
                // Waking a thread takes longer than filling a small batch, so it sleeps until it has several batches to fill.
                if (producersWaiting > 0 && (threads > 1 || taken - released <= ring.Length / 2))
                    Monitor.PulseAll(gate);
            }

            while (!ready[released % ring.Length] && !ended && !cancellation.IsCancellationRequested)
            {
                Monitor.PulseAll(gate);
                Monitor.Wait(gate);
            }

            cancellation.ThrowIfCancellationRequested();
            if (!ready[released % ring.Length])
            {
                failure?.Throw();
                return null;
            }

            holdsBatch = true;
            return ring[released % ring.Length];
        }
    }

    public override void End()
    {
        stop?.Cancel();
        lead?.Join();
        wakeUp.Dispose();
        stop?.Dispose();
        (lead, stop) = (null, null);
    }

    private static Thread Start(ThreadStart work)
    {
        var thread = new Thread(work) { IsBackground = true, Name = "ModelDsl prefetch" };
        thread.Start();
        return thread;
    }

    private void AllocateRing()
    {
        var first = allocate();
        var bytes = first.Columns.Sum(column => 4L * column.Length) * first.Capacity;
        var wanted = Math.Max(1, producer.Threads);
        var batches = new Batch[(int)Math.Clamp(MostBytesPerThread * wanted / bytes, 2, Math.Max(MostBatches, wanted + 1))];
        batches[0] = first;
        for (var i = 1; i < batches.Length; i++)
            batches[i] = allocate();
        // One batch is used by the consumer.
        (ring, ready, threads) = (batches, new bool[batches.Length], Math.Min(wanted, batches.Length - 1));
    }

    /// <summary>The first thread: begins the pass, fills batches like the others, and ends the pass when all threads are done.</summary>
    private void Produce(DataPass pass, CancellationToken stopping)
    {
        var others = new List<Thread>();
        try
        {
            producer.Begin(pass, stopping);
            for (var i = 1; i < threads; i++)
                others.Add(Start(() => FillBatches(stopping)));
            FillBatches(stopping);
        }
#pragma warning disable CA1031 // All exceptions are rethrown when the consumer requests the batch.
        catch (Exception exception)
        {
            EndAt(0, exception);
        }

        foreach (var other in others)
            other.Join();
        try
        {
            producer.End();
        }
        catch (Exception exception)
        {
            // Only the first failure is reported.
            failure ??= ExceptionDispatchInfo.Capture(exception);
        }
#pragma warning restore CA1031

        lock (gate)
        {
            ended = true;
            Monitor.PulseAll(gate);
        }
    }

    private void FillBatches(CancellationToken stopping)
    {
        while (Take(stopping) is { } number)
        {
            try
            {
                if (!producer.Fill(number, ring[number % ring.Length]))
                {
                    EndAt(number, exception: null);
                    return;
                }
            }
#pragma warning disable CA1031 // As above: the consumer gets the batches before this one, and then the exception.
            catch (Exception exception)
            {
                EndAt(number, exception);
                return;
            }
#pragma warning restore CA1031

            lock (gate)
            {
                ready[number % ring.Length] = true;
                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>Returns the number of the next batch to fill, when there is space for it; null if no batch is left.</summary>
    private long? Take(CancellationToken stopping)
    {
        lock (gate)
        {
            while (taken - released == ring.Length && taken < end && !stopping.IsCancellationRequested)
            {
                producersWaiting++;
                Monitor.Wait(gate);
                producersWaiting--;
            }

            return stopping.IsCancellationRequested || taken >= end ? null : taken++;
        }
    }

    /// <summary>Ends the pass before a batch. Of several failures, that of the first batch is reported, as with one thread.</summary>
    private void EndAt(long number, Exception? exception)
    {
        lock (gate)
        {
            if (number >= end)
                return;
            end = number;
            failure = exception is null ? null : ExceptionDispatchInfo.Capture(exception);

            // Wakes threads that wait for space for later batches: the slot of this batch is never released.
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Spins for a short time, because the next batch is often ready within a few microseconds, and spinning then takes less time than sleeping.</summary>
    private void SpinUntilReady()
    {
        var spin = default(SpinWait);
        var next = (released + (holdsBatch ? 1 : 0)) % ring.Length;
        while (!spin.NextSpinWillYield && !Volatile.Read(ref ready[next]) && !Volatile.Read(ref ended))
            spin.SpinOnce(sleep1Threshold: -1);
    }

    private void WakeAll()
    {
        lock (gate)
            Monitor.PulseAll(gate);
    }
}

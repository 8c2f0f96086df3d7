using System.Diagnostics;

namespace ModelDsl.Models;

/// <summary>
/// Controls the access of threads to a model. Readers (predictions, saving) run concurrently. A writer (an optimizer's update, loading)
/// waits for the running readers and refuses new ones. Training passes exclude each other but not readers. A session, which a
/// trainer holds during a fit, refuses all access by other threads.
/// </summary>
/// <param name="model">The model's name, for error messages.</param>
internal sealed class AccessGate(string model)
{
    private static readonly long DrainTicks = 20 * Stopwatch.Frequency;

    private int readers;
    private int writer;
    private int trainer;
    private int session;

    /// <summary>Enters as a reader.</summary>
    /// <exception cref="InvalidOperationException">The model is being changed by another thread.</exception>
    public void EnterRead()
    {
        // The order matters: a reader counts itself before it checks for a writer, and a writer announces itself before it checks for readers.
        Interlocked.Increment(ref readers);
        var owner = Volatile.Read(ref session);
        if (Volatile.Read(ref writer) == 0 && (owner == 0 || owner == Environment.CurrentManagedThreadId))
            return;

        Interlocked.Decrement(ref readers);
        throw new InvalidOperationException(
            $"{model} is being trained or loaded by another thread; predict, read or save when that is done, or on the training thread.");
    }

    /// <summary>Leaves as a reader.</summary>
    public void ExitRead() => Interlocked.Decrement(ref readers);

    /// <summary>Enters as a training pass.</summary>
    /// <exception cref="InvalidOperationException">Another thread is in a training pass, or holds the session.</exception>
    public void EnterTraining()
    {
        var me = Environment.CurrentManagedThreadId;
        var owner = Volatile.Read(ref session);
        if ((owner != 0 && owner != me) || Interlocked.CompareExchange(ref trainer, me, 0) != 0)
        {
            throw new InvalidOperationException(
                $"{model} is being trained or loaded by another thread. One model trains on one thread at a time; make a second one to train beside it.");
        }
    }

    /// <summary>Leaves as a training pass.</summary>
    public void ExitTraining() => Volatile.Write(ref trainer, 0);

    /// <summary>Enters as the writer: a training pass that also excludes readers.</summary>
    /// <exception cref="InvalidOperationException">Another thread is in a training pass, or a reader does not leave in time.</exception>
    public void EnterWrite()
    {
        EnterTraining();
        Interlocked.Exchange(ref writer, 1);
        if (Volatile.Read(ref readers) != 0)
            Drain();
    }

    /// <summary>Leaves as the writer.</summary>
    public void ExitWrite()
    {
        Volatile.Write(ref writer, 0);
        ExitTraining();
    }

    /// <summary>Begins a session of the calling thread: until it ends, access by other threads is an error.</summary>
    /// <exception cref="InvalidOperationException">
    /// There already is a session, another thread is in a training pass, or a reader does not leave in time.
    /// </exception>
    public void BeginSession()
    {
        EnterWrite();
        if (session != 0)
        {
            ExitWrite();
            throw new InvalidOperationException($"{model} is being trained already.");
        }

        Volatile.Write(ref session, Environment.CurrentManagedThreadId);
        ExitWrite();
    }

    /// <summary>Ends the session.</summary>
    public void EndSession() => Volatile.Write(ref session, 0);

    private void Drain()
    {
        var wait = default(SpinWait);
        for (var until = Stopwatch.GetTimestamp() + DrainTicks; Volatile.Read(ref readers) != 0;)
        {
            wait.SpinOnce();
            if (Stopwatch.GetTimestamp() < until)
                continue;

            ExitWrite();
            throw new InvalidOperationException(
                $"{model} cannot be changed while a prediction is running, and one has not ended for 20 seconds. Was the result of Infer not disposed?");
        }
    }
}

/// <summary>Holds access to an <see cref="AccessGate"/> until it is disposed.</summary>
/// <param name="gate">The gate.</param>
/// <param name="kind">The kind of access.</param>
internal readonly struct Access(AccessGate gate, AccessKind kind) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        if (kind == AccessKind.Read)
            gate.ExitRead();
        else if (kind == AccessKind.Training)
            gate.ExitTraining();
        else if (kind == AccessKind.Write)
            gate.ExitWrite();
        else
            gate.EndSession();
    }
}

/// <summary>The kind of access to a model.</summary>
internal enum AccessKind
{
    /// <summary>Concurrent with other readers.</summary>
    Read,

    /// <summary>A forward or backward pass.</summary>
    Training,

    /// <summary>Exclusive.</summary>
    Write,

    /// <summary>A session of one thread.</summary>
    Session,
}

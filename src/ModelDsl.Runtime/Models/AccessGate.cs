using System.Diagnostics;

namespace ModelDsl.Models;

/// <summary>
/// Keeps threads apart that use one model. Readers (predictions, saving) run beside each other; a writer (an optimizer's update, loading)
/// waits for the running ones and turns new ones away. Training passes exclude each other but not readers. A session, held while a
/// trainer fits, turns away everything from other threads.
/// </summary>
/// <param name="model">The model's name, for messages.</param>
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
        // First count, then look: a writer first says so and then looks at the count, so that one of the two sees the other.
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

    /// <summary>Enters a training pass.</summary>
    /// <exception cref="InvalidOperationException">Another thread is in one, or holds the session.</exception>
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

    /// <summary>Leaves a training pass.</summary>
    public void ExitTraining() => Volatile.Write(ref trainer, 0);

    /// <summary>Enters as the writer: a training pass that also excludes readers.</summary>
    /// <exception cref="InvalidOperationException">Another thread is in a training pass, or a reader does not leave.</exception>
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

    /// <summary>Begins a session of the calling thread: until it ends, all use by other threads is an error.</summary>
    /// <exception cref="InvalidOperationException">
    /// There is one already, or another thread is in a training pass, or a reader does not leave.
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

/// <summary>A stay inside an <see cref="AccessGate"/>; leaves when disposed.</summary>
/// <param name="gate">The gate.</param>
/// <param name="kind">How it was entered.</param>
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

/// <summary>How an <see cref="AccessGate"/> was entered.</summary>
internal enum AccessKind
{
    /// <summary>Beside other readers.</summary>
    Read,

    /// <summary>A forward or backward pass.</summary>
    Training,

    /// <summary>Alone.</summary>
    Write,

    /// <summary>A session of one thread.</summary>
    Session,
}

namespace ModelDsl.Distributed;

/// <summary>
/// Work of the root that the other ranks wait for, such as writing a checkpoint. Another thread tells them that the root is alive, so that they notice soon if its process hangs or its machine is lost, and wait for a slow disk.
/// </summary>
internal sealed class RootWork : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Collective group;
    private readonly Lock gate;
    private readonly RootWork? outer;
    private readonly TimeSpan interval;
    private readonly ManualResetEventSlim ended = new();
    private readonly Thread? thread;

    // Read and written while the gate is held.
    private bool isSuspended;

    /// <summary>Begins the work.</summary>
    /// <param name="group">The group, on its root.</param>
    /// <param name="gate">Held during exchanges.</param>
    /// <param name="allowsThreads">Whether another thread may use the group. If not, the other ranks are told to wait for longer.</param>
    public RootWork(Collective group, Lock gate, bool allowsThreads)
    {
        (this.group, this.gate, outer) = (group, gate, group.Work);
        interval = group.Timeout / 4 is var quarter && quarter < Longest ? quarter : Longest;
        if (!allowsThreads)
        {
            SendToAll(RankMessages.Silent);
            return;
        }

        thread = new Thread(Report) { IsBackground = true, Name = "ModelDsl root" };
        thread.Start();
    }

    /// <summary>Sends nothing to the other ranks from now on: they do not only wait for this work, but take part in a run within it.</summary>
    public void Suspend()
    {
        using var exchange = gate.EnterScope();
        isSuspended = true;
        if (thread is null)
            SendToAll(RankMessages.SilenceEnded);
    }

    /// <summary>Continues after <see cref="Suspend"/>.</summary>
    public void Resume()
    {
        using var exchange = gate.EnterScope();
        isSuspended = false;
        if (thread is null)
            SendToAll(RankMessages.Silent);
    }

    /// <summary>Asks another rank, which is in <see cref="RankMessages.Answer"/>.</summary>
    /// <param name="rank">The rank.</param>
    /// <param name="question">The question.</param>
    /// <param name="answer">Where the answer is written, whose length both ranks know.</param>
    public void Ask(int rank, ReadOnlySpan<byte> question, Span<byte> answer)
    {
        using var exchange = gate.EnterScope();
        RankMessages.Send(group, rank, RankMessages.Question, question, group.Timeout);
        group.Exchange(rank, [], answer, group.Timeout);
    }

    /// <summary>Tells the other ranks that there are no more questions.</summary>
    public void EndQuestions()
    {
        using var exchange = gate.EnterScope();
        SendToAll(RankMessages.Result);
    }

    /// <summary>Ends the work.</summary>
    public void Dispose()
    {
        ended.Set();
        thread?.Join();
        ended.Dispose();
        group.Work = outer;
        if (thread is null)
            EndSilence();
    }

    private void Report()
    {
        try
        {
            while (!ended.Wait(interval))
            {
                using var exchange = gate.EnterScope();
                if (!isSuspended)
                    SendToAll(RankMessages.Alive);
            }
        }
        catch (CollectiveException)
        {
            // The next exchange of the root's own thread fails too.
        }
    }

    private void EndSilence()
    {
        try
        {
            SendToAll(RankMessages.SilenceEnded);
        }
        catch (CollectiveException)
        {
            // The next exchange fails too, unless an exception ends the work.
        }
    }

    private void SendToAll(byte kind)
    {
        for (var rank = 1; rank < group.Count; rank++)
            RankMessages.Send(group, rank, kind, [], group.Timeout);
    }
}

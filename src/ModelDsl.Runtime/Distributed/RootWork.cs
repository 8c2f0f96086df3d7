namespace ModelDsl.Distributed;

/// <summary>
/// Work of the root that the other ranks wait for, such as writing a checkpoint. Another thread tells them that the root is alive, so that they notice soon if its process hangs or its machine is lost, and wait for a slow disk.
/// </summary>
internal sealed class RootWork : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Collective group;
    private readonly Lock gate;
    private readonly TimeSpan interval;
    private readonly ManualResetEventSlim ended = new();
    private readonly Thread thread;

    /// <summary>Begins the work.</summary>
    /// <param name="group">The group, on its root.</param>
    /// <param name="gate">Held during exchanges.</param>
    public RootWork(Collective group, Lock gate)
    {
        (this.group, this.gate) = (group, gate);
        interval = group.Timeout / 4 is var quarter && quarter < Longest ? quarter : Longest;
        thread = new Thread(Report) { IsBackground = true, Name = "ModelDsl root" };
        thread.Start();
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
        for (var rank = 1; rank < group.Count; rank++)
            RankMessages.Send(group, rank, RankMessages.Result, [], group.Timeout);
    }

    /// <summary>Ends the work.</summary>
    public void Dispose()
    {
        ended.Set();
        thread.Join();
        ended.Dispose();
    }

    private void Report()
    {
        try
        {
            while (!ended.Wait(interval))
            {
                using var exchange = gate.EnterScope();
                for (var rank = 1; rank < group.Count; rank++)
                    RankMessages.Send(group, rank, RankMessages.Alive, [], group.Timeout);
            }
        }
        catch (CollectiveException)
        {
            // The next exchange of the root's own thread fails too.
        }
    }
}

namespace ModelDsl.Distributed.Tests.Support;

/// <summary>A group whose transport cannot be used from several threads, as some MPI libraries.</summary>
internal sealed class OneThread(Collective group) : Collective
{
    private readonly Thread owner = Thread.CurrentThread;

    public override int Rank => group.Rank;

    public override int Count => group.Count;

    protected override bool AllowsThreads => false;

    public override void Abort(string reason) => group.Abort(reason);

    protected internal override void Exchange(int partner, ReadOnlySpan<byte> send, Span<byte> receive, TimeSpan limit)
    {
        Assert.Same(owner, Thread.CurrentThread);
        group.Exchange(partner, send, receive, limit);
    }

    protected internal override void SumInAnyOrder(Span<float> values, TimeSpan limit) => group.SumInAnyOrder(values, limit);
}

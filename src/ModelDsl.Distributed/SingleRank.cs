namespace ModelDsl.Distributed;

/// <summary>A group whose only rank is this process.</summary>
internal sealed class SingleRank : Collective
{
    /// <inheritdoc/>
    public override int Rank => 0;

    /// <inheritdoc/>
    public override int Count => 1;

    /// <inheritdoc/>
    public override void Abort(string reason) => throw new CollectiveException(reason);

    /// <inheritdoc/>
    protected override void Exchange(int partner, ReadOnlySpan<byte> send, Span<byte> receive, TimeSpan limit) => throw new InvalidOperationException("The group has one rank.");

    /// <inheritdoc/>
    protected override void SumInAnyOrder(Span<float> values, TimeSpan limit)
    {
    }
}

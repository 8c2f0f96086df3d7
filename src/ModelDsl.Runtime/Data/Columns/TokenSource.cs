namespace ModelDsl;

/// <summary>A sequence of token ids that windows are read from. Positions have 64 bits, because a file can have more ids than an array.</summary>
internal abstract class TokenSource
{
    /// <summary>The number of ids.</summary>
    public abstract long Length { get; }

    /// <summary>Whether reading only copies numbers in memory.</summary>
    public virtual bool OnlyCopies => false;

    /// <summary>Reads consecutive ids. Several threads may read at the same time.</summary>
    /// <param name="position">The position of the first id.</param>
    /// <param name="target">Receives the ids.</param>
    public abstract void Read(long position, Span<int> target);
}

/// <summary>Ids in memory.</summary>
internal sealed class MemoryTokens(ReadOnlyMemory<int> ids) : TokenSource
{
    public override long Length => ids.Length;

    public override bool OnlyCopies => true;

    public override void Read(long position, Span<int> target) => ids.Span.Slice((int)position, target.Length).CopyTo(target);
}

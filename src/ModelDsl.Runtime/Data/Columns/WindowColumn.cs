using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>Windows of a token sequence, which may overlap: sample i starts at <c>offset + i · stride</c>. Only the sequence is stored.</summary>
internal sealed class WindowColumn : DataColumn
{
    private readonly TokenSource tokens;
    private readonly long offset;
    private readonly int stride;

    /// <param name="description">The column; its length is that of a window.</param>
    /// <param name="tokens">The sequence.</param>
    /// <param name="offset">The position at which the first window starts.</param>
    /// <param name="stride">The number of tokens from the start of one window to the start of the next.</param>
    /// <param name="count">The number of windows.</param>
    public WindowColumn(ColumnDescription description, TokenSource tokens, long offset, int stride, int count)
        : base(description, count)
    {
        this.tokens = tokens;
        this.offset = offset;
        this.stride = stride;
    }

    internal override bool OnlyCopies => tokens.OnlyCopies;

    internal override void Fill(ReadOnlySpan<int> samples, Batch batch, int column)
    {
        var target = batch.Ints(column);
        var length = Description.Length;
        for (var i = 0; i < samples.Length; i++)
            tokens.Read(offset + ((long)samples[i] * stride), target.Slice(i * length, length));
    }
}

using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>Windows of a token sequence, which may overlap: sample i starts at <c>offset + i · stride</c>. Only the sequence is stored.</summary>
internal sealed class WindowColumn : DataColumn
{
    private readonly ReadOnlyMemory<int> ids;
    private readonly int offset;
    private readonly int stride;

    /// <param name="description">The column; its length is that of a window.</param>
    /// <param name="ids">The sequence.</param>
    /// <param name="offset">The index at which the first window starts.</param>
    /// <param name="stride">The number of tokens from the start of one window to the start of the next.</param>
    /// <param name="count">The number of windows.</param>
    public WindowColumn(ColumnDescription description, ReadOnlyMemory<int> ids, int offset, int stride, int count)
        : base(description, count)
    {
        this.ids = ids;
        this.offset = offset;
        this.stride = stride;
    }

    internal override void Fill(ReadOnlySpan<int> samples, Batch batch, int column)
    {
        var source = ids.Span;
        var target = batch.Ints(column);
        var length = Description.Length;
        for (var i = 0; i < samples.Length; i++)
            source.Slice(offset + (samples[i] * stride), length).CopyTo(target.Slice(i * length, length));
    }
}

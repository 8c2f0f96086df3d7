namespace ModelDsl.Images.Png;

/// <summary>The data of consecutive IDAT chunks as one stream, without copying them together. Checksums are verified while reading.</summary>
internal sealed class PngDataStream(ReadOnlyMemory<byte> file, int start) : Stream
{
    private int position = start;
    private ReadOnlyMemory<byte> rest;
    private bool ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (rest.IsEmpty && !ended)
            NextChunk();
        var count = Math.Min(buffer.Length, rest.Length);
        rest.Span[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads the rest of the data, to verify its checksums.</summary>
    public void ReadToEnd()
    {
        while (!ended)
            NextChunk();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void NextChunk()
    {
        var chunks = new PngChunks(file, position);
        chunks.MoveNext();
        ended = chunks.Type != PngHeader.Idat;
        if (ended)
            return;
        chunks.Check();
        rest = chunks.Data;
        position = chunks.Start + chunks.Data.Length + 12;
    }
}

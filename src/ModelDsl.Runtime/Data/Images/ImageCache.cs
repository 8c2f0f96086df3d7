namespace ModelDsl.Images;

/// <summary>Resized pictures in memory, as many as there is room for. For several threads at once.</summary>
internal sealed class ImageCache(int count, long mostBytes)
{
    private byte[]?[] pictures = new byte[]?[count];
    private long bytes;

    /// <summary>The bytes of a picture; empty when it is not kept.</summary>
    public ReadOnlySpan<byte> Get(int index) => Volatile.Read(ref pictures[index]);

    /// <summary>Keeps a copy if there is room.</summary>
    public void Offer(int index, ReadOnlySpan<byte> pixels)
    {
        if (Interlocked.Add(ref bytes, pixels.Length) > mostBytes)
        {
            Interlocked.Add(ref bytes, -pixels.Length);
            return;
        }

        if (Interlocked.CompareExchange(ref pictures[index], pixels.ToArray(), null) is not null)
            Interlocked.Add(ref bytes, -pixels.Length);
    }

    /// <summary>Forgets all but some pictures, and numbers these anew.</summary>
    public void Keep(int[] indices) => pictures = [.. indices.Select(index => pictures[index])];
}

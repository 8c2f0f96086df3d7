namespace ModelDsl.Images;

/// <summary>A thread-safe cache of resized images with a limited size.</summary>
internal sealed class ImageCache(int count, long mostBytes)
{
    private byte[]?[] pictures = new byte[]?[count];
    private long bytes;

    /// <summary>Returns the bytes of an image; empty if it is not in the cache.</summary>
    public ReadOnlySpan<byte> Get(int index) => Volatile.Read(ref pictures[index]);

    /// <summary>Adds a copy if there is space.</summary>
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

    /// <summary>Removes all images except those with the given indices, which get new indices in this order.</summary>
    public void Keep(int[] indices) => pictures = [.. indices.Select(index => pictures[index])];
}

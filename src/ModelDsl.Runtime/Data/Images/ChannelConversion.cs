namespace ModelDsl.Images;

/// <summary>Converts pixels to another number of channels.</summary>
internal static class ChannelConversion
{
    private const byte Opaque = 255;

    /// <summary>Converts pixels in place; the buffer must be large enough for both formats.</summary>
    public static void InPlace(Span<byte> buffer, int pixels, int from, int to)
    {
        if (from == to)
            return;
        // If pixels become larger, they are converted from the last to the first, so that no pixel is overwritten before it is read.
        Span<byte> pixel = stackalloc byte[4];
        if (to > from)
        {
            for (var i = pixels - 1; i >= 0; i--)
                Convert(buffer, i, from, to, pixel);
        }
        else
        {
            for (var i = 0; i < pixels; i++)
                Convert(buffer, i, from, to, pixel);
        }
    }

    private static void Convert(Span<byte> buffer, int index, int from, int to, Span<byte> pixel)
    {
        var source = buffer.Slice(index * from, from);
        var alpha = from is 2 or 4 ? source[from - 1] : Opaque;
        if (to <= 2)
            pixel[0] = from <= 2 ? source[0] : Luma(source[0], source[1], source[2]);
        else if (from <= 2)
            pixel[..3].Fill(source[0]);
        else
            source[..3].CopyTo(pixel);
        if (to is 2 or 4)
            pixel[to - 1] = alpha;
        pixel[..to].CopyTo(buffer[(index * to)..]);
    }

    /// <summary>The weights of ITU-R BT.601 in units of 1/65536; their sum is one, so that white stays white.</summary>
    private static byte Luma(byte red, byte green, byte blue) => (byte)(((red * 19595) + (green * 38470) + (blue * 7471) + 0x8000) >> 16);
}

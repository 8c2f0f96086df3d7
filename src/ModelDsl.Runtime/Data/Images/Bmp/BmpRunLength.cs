namespace ModelDsl.Images.Bmp;

/// <summary>
/// Decodes RLE8 and RLE4: pairs of bytes that are a run (length, colors), or after a zero the end of a row (0), the end of the image (1), a jump (2) or a
/// number of single colors. Skipped pixels have color 0.
/// </summary>
internal ref struct BmpRunLength
{
    private const int Channels = 3;

    private readonly ReadOnlySpan<byte> data;
    private readonly BmpHeader header;
    private readonly Span<byte> pixels;
    private int position;
    private int x;
    private int row;

    private BmpRunLength(ReadOnlySpan<byte> data, BmpHeader header, Span<byte> pixels)
    {
        this.data = data;
        this.header = header;
        this.pixels = pixels;
    }

    public static void Decode(ReadOnlySpan<byte> data, BmpHeader header, Span<byte> pixels)
    {
        for (var i = 0; i < pixels.Length; i += Channels)
            BmpPalette.Write(header, 0, pixels[i..]);
        var decoder = new BmpRunLength(data, header, pixels);
        while (decoder.Step())
        {
        }
    }

    private bool Step()
    {
        var (count, value) = (Next(), Next());
        if (count > 0)
        {
            for (var i = 0; i < count; i++)
                Put(header.BitsPerPixel == 8 ? value : i % 2 == 0 ? value >> 4 : value & 15);
            return true;
        }

        switch (value)
        {
            case 0:
                (x, row) = (0, row + 1);
                return true;
            case 1:
                return false;
            case 2:
                x += Next();
                row += Next();
                return true;
            default:
                Single(value);
                return true;
        }
    }

    /// <summary>Reads colors without repetition, padded to an even number of bytes.</summary>
    private void Single(int count)
    {
        var start = position;
        var current = 0;
        for (var i = 0; i < count; i++)
        {
            if (header.BitsPerPixel == 8)
            {
                Put(Next());
                continue;
            }

            current = i % 2 == 0 ? Next() : current;
            Put(i % 2 == 0 ? current >> 4 : current & 15);
        }

        if ((position - start) % 2 != 0)
            Next();
    }

    private void Put(int index)
    {
        if (x >= header.Width || row >= header.Height)
            throw new InvalidDataException("a run leaves the picture");
        BmpPalette.Write(header, index, pixels[(((((header.Height - 1 - row) * header.Width) + x)) * Channels)..]);
        x++;
    }

    private int Next() => position < data.Length ? data[position++] : throw new InvalidDataException("its pixel data ends too early");
}

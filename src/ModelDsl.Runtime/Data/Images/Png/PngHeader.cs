using System.Buffers.Binary;

namespace ModelDsl.Images.Png;

/// <summary>The header of a PNG file (ISO/IEC 15948), and the chunks before its pixels.</summary>
internal sealed record PngHeader
{
    public const uint Ihdr = 0x49484452, Plte = 0x504C5445, Trns = 0x74524E53, Idat = 0x49444154, Iend = 0x49454E44;

    // The maximum ratio of Deflate compression: a file whose header claims more data is damaged.
    private const int DeflateLimit = 1032;

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int BitDepth { get; init; }

    public required PngColor Color { get; init; }

    public required bool Interlaced { get; init; }

    /// <summary>Red, green and blue of each entry; empty without a palette.</summary>
    public ReadOnlyMemory<byte> Palette { get; private set; }

    /// <summary>The alpha of palette entries, or the one color that is transparent; empty if all pixels are opaque.</summary>
    public ReadOnlyMemory<byte> Transparency { get; private set; }

    /// <summary>The offset of the first chunk of compressed pixels.</summary>
    public int DataStart { get; private set; }

    /// <summary>The number of stored samples per pixel.</summary>
    public int Samples => Color switch { PngColor.Rgb => 3, PngColor.GreyAlpha => 2, PngColor.Rgba => 4, _ => 1 };

    public int BitsPerPixel => Samples * BitDepth;

    /// <summary>The number of channels of the decoded image.</summary>
    public int Channels => (Color == PngColor.Palette ? 3 : Samples) + (Transparency.IsEmpty ? 0 : 1);

    public static PngHeader Read(ReadOnlyMemory<byte> file)
    {
        var chunks = new PngChunks(file, PngDecoder.Signature.Length);
        chunks.MoveNext();
        if (chunks.Type != Ihdr || chunks.Data.Length != 13)
            throw new InvalidDataException("it does not begin with a header chunk (IHDR) of 13 bytes");
        chunks.Check();
        var header = Read(chunks.Data.Span);
        header.ReadChunks(ref chunks);
        return header;
    }

    private static PngHeader Read(ReadOnlySpan<byte> data)
    {
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
        if (width < 1 || height < 1)
            throw new InvalidDataException($"the header says {(uint)width} × {(uint)height} pixels");
        var (depth, color) = (data[8], (PngColor)data[9]);
        var possible = color switch
        {
            PngColor.Grey => depth is 1 or 2 or 4 or 8 or 16,
            PngColor.Palette => depth is 1 or 2 or 4 or 8,
            PngColor.Rgb or PngColor.GreyAlpha or PngColor.Rgba => depth is 8 or 16,
            _ => false,
        };
        if (!possible)
            throw new InvalidDataException($"the header says colour type {(int)color} with {depth} bits, which does not exist");
        if (data[10] != 0 || data[11] != 0 || data[12] > 1)
            throw new InvalidDataException($"the header says compression {data[10]}, filter {data[11]} and interlace {data[12]}; known are 0, 0 and 0 or 1");
        return new PngHeader { Width = width, Height = height, BitDepth = depth, Color = color, Interlaced = data[12] == 1 };
    }

    /// <summary>Reads all chunks: finds the palette and the data, and checks that the file has an end.</summary>
    private void ReadChunks(ref PngChunks chunks)
    {
        long dataBytes = 0;
        var dataEnded = false;
        for (chunks.MoveNext(); chunks.Type != Iend; chunks.MoveNext())
        {
            if (chunks.Type == Idat)
            {
                if (dataEnded)
                    throw new InvalidDataException("its pixel data (IDAT) is interrupted by other chunks");
                DataStart = DataStart == 0 ? chunks.Start : DataStart;
                dataBytes += chunks.Data.Length;
                continue;
            }

            dataEnded = DataStart > 0;
            if (chunks.Type == Plte)
                ReadPalette(in chunks);
            else if (chunks.Type == Trns && !dataEnded && Color is not (PngColor.GreyAlpha or PngColor.Rgba))
                ReadTransparency(in chunks);
            else if (chunks.IsCritical)
                throw new InvalidDataException($"it has an unknown chunk '{chunks.Name}' that must not be skipped");
        }

        if (DataStart == 0)
            throw new InvalidDataException("it has no pixel data (IDAT)");
        if (Color == PngColor.Palette && Palette.IsEmpty)
            throw new InvalidDataException("its palette (PLTE) is missing");
        var needed = ((Int128)Width * BitsPerPixel + 7) / 8 * Height;
        if (needed > (Int128)dataBytes * DeflateLimit)
            throw new InvalidDataException($"the header says {Width} × {Height} pixels, which {dataBytes:N0} bytes of data cannot hold");
    }

    private void ReadPalette(in PngChunks chunks)
    {
        chunks.Check();
        var entries = chunks.Data.Length / 3;
        if (chunks.Data.Length % 3 != 0 || entries is 0 or > 256 || (Color == PngColor.Palette && entries > 1 << BitDepth))
            throw new InvalidDataException($"its palette (PLTE) has {chunks.Data.Length} bytes, which does not fit {BitDepth} bits per pixel");
        if (!Palette.IsEmpty || DataStart > 0 || Color is PngColor.Grey or PngColor.GreyAlpha)
            throw new InvalidDataException("it has a palette (PLTE) where none may be");
        // For true colors the palette is only a suggestion for displays with few colors.
        if (Color == PngColor.Palette)
            Palette = chunks.Data;
    }

    private void ReadTransparency(in PngChunks chunks)
    {
        chunks.Check();
        var fits = Color == PngColor.Palette
            ? chunks.Data.Length > 0 && chunks.Data.Length <= Palette.Length / 3
            : chunks.Data.Length == 2 * Samples;
        Transparency = fits ? chunks.Data : throw new InvalidDataException($"its transparency chunk (tRNS) has {chunks.Data.Length} bytes, which does not fit");
    }
}

/// <summary>The color types of PNG.</summary>
internal enum PngColor
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    Rgba = 6,
}

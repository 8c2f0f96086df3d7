using System.Buffers.Binary;

namespace ModelDsl.Images.Bmp;

/// <summary>The header of a BMP file, of OS/2 1 (12 bytes) or of Windows (40 to 124 bytes), and the palette.</summary>
internal sealed record BmpHeader
{
    private const int FileHeader = 14, CoreHeader = 12, InfoHeader = 40, LargestHeader = 124;

    /// <summary>The offset of the masks of the channels, in files that have masks: after the 40 bytes, or in the rest of a longer header.</summary>
    private const int MasksStart = FileHeader + InfoHeader;

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Whether the first row of the file is the top one; usually it is the bottom one.</summary>
    public required bool TopDown { get; init; }

    public required int BitsPerPixel { get; init; }

    public required BmpCompression Compression { get; init; }

    /// <summary>The offset of the pixels in the file.</summary>
    public required int PixelStart { get; init; }

    /// <summary>The colors, each in <see cref="PaletteEntryBytes"/> bytes: blue, green, red.</summary>
    public required ReadOnlyMemory<byte> Palette { get; init; }

    public required int PaletteEntryBytes { get; init; }

    /// <summary>The bits of a pixel that are red, green and blue, for 16 and 32 bits.</summary>
    public required (uint Red, uint Green, uint Blue) Masks { get; init; }

    /// <summary>The number of bytes per row: rows are padded to multiples of four.</summary>
    public long RowBytes => (((long)Width * BitsPerPixel) + 31) / 32 * 4;

    public bool IsRunLength => Compression is BmpCompression.Rle8 or BmpCompression.Rle4;

    public static BmpHeader Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length < FileHeader + CoreHeader)
            throw new InvalidDataException("it ends within its header");
        var headerBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[FileHeader..]);
        if (headerBytes != CoreHeader && headerBytes is < InfoHeader or > LargestHeader)
            throw new InvalidDataException($"its header says it has {headerBytes} bytes; known are 12 and 40 to 124");
        if (bytes.Length < FileHeader + headerBytes)
            throw new InvalidDataException("it ends within its header");

        var header = headerBytes == CoreHeader ? Core(bytes) : Info(bytes);
        header = header with { PixelStart = Start(bytes) };
        header.CheckKind();
        return (header with { Palette = header.FindPalette(file, (int)headerBytes), Masks = header.FindMasks(bytes) }).Checked(bytes.Length);
    }

    private static BmpHeader Core(ReadOnlySpan<byte> bytes) => new()
    {
        Width = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]),
        Height = BinaryPrimitives.ReadUInt16LittleEndian(bytes[20..]),
        TopDown = false,
        BitsPerPixel = BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]),
        Compression = BmpCompression.None,
        PixelStart = 0,
        Palette = default,
        PaletteEntryBytes = 3,
        Masks = default,
    };

    private static BmpHeader Info(ReadOnlySpan<byte> bytes)
    {
        var height = BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]);
        var width = BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]);
        if (width < 1 || height is 0 or int.MinValue)
            throw new InvalidDataException($"the header says {width} × {height} pixels");
        return new BmpHeader
        {
            Width = width,
            Height = Math.Abs(height),
            TopDown = height < 0,
            BitsPerPixel = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]),
            Compression = (BmpCompression)BinaryPrimitives.ReadUInt32LittleEndian(bytes[30..]),
            PixelStart = 0,
            Palette = default,
            PaletteEntryBytes = 4,
            Masks = default,
        };
    }

    private static int Start(ReadOnlySpan<byte> bytes)
    {
        var start = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        return start <= bytes.Length ? (int)start : throw new InvalidDataException($"its pixels should begin at byte {start:N0}, but it has {bytes.Length:N0}");
    }

    private void CheckKind()
    {
        var possible = Compression switch
        {
            BmpCompression.None => BitsPerPixel is 1 or 4 or 8 or 16 or 24 or 32,
            BmpCompression.Rle8 => BitsPerPixel == 8 && !TopDown,
            BmpCompression.Rle4 => BitsPerPixel == 4 && !TopDown,
            BmpCompression.BitFields or BmpCompression.AlphaBitFields => BitsPerPixel is 16 or 32,
            _ => false,
        };
        if (!possible)
            throw new InvalidDataException($"the header says compression {(uint)Compression} with {BitsPerPixel} bits, which is not supported");
    }

    private ReadOnlyMemory<byte> FindPalette(ReadOnlyMemory<byte> file, int headerBytes)
    {
        if (BitsPerPixel > 8)
            return default;
        var most = 1 << BitsPerPixel;
        var used = PaletteEntryBytes == 3 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(file.Span[46..]);
        var entries = used == 0 ? most : (int)Math.Min(used, (uint)most);
        var start = FileHeader + headerBytes;
        // The old header does not contain the number of colors; there may be fewer before the pixels.
        if (PixelStart > start)
            entries = Math.Min(entries, (PixelStart - start) / PaletteEntryBytes);
        return entries > 0 && start + (entries * PaletteEntryBytes) <= file.Length
            ? file.Slice(start, entries * PaletteEntryBytes)
            : throw new InvalidDataException("it ends within its palette");
    }

    private (uint Red, uint Green, uint Blue) FindMasks(ReadOnlySpan<byte> bytes)
    {
        if (Compression is not (BmpCompression.BitFields or BmpCompression.AlphaBitFields))
            return BitsPerPixel == 16 ? (0x7C00u, 0x03E0u, 0x001Fu) : (0xFF0000u, 0x00FF00u, 0x0000FFu);
        if (bytes.Length < MasksStart + 12)
            throw new InvalidDataException("it ends within the masks of its channels");
        var masks = bytes[MasksStart..];
        return (Mask(masks), Mask(masks[4..]), Mask(masks[8..]));
    }

    private static uint Mask(ReadOnlySpan<byte> bytes)
    {
        var mask = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var ones = mask == 0 ? 0 : mask >> System.Numerics.BitOperations.TrailingZeroCount(mask);
        return mask != 0 && (ones & ((ulong)ones + 1)) == 0
            ? mask
            : throw new InvalidDataException($"the mask 0x{mask:X8} of a channel is no single run of bits");
    }

    /// <summary>Checks that the file contains all rows, if they are not compressed.</summary>
    private BmpHeader Checked(int fileBytes)
    {
        var needed = (Int128)RowBytes * Height;
        return IsRunLength || PixelStart + needed <= fileBytes
            ? this
            : throw new InvalidDataException($"the header says {Width} × {Height} pixels, which need {needed:N0} bytes after byte {PixelStart:N0}; it has {fileBytes:N0}");
    }
}

/// <summary>How the pixels of a BMP file are stored.</summary>
internal enum BmpCompression
{
    None = 0,
    Rle8 = 1,
    Rle4 = 2,
    BitFields = 3,
    AlphaBitFields = 6,
}

using System.Buffers.Binary;

namespace ModelDsl.Images.Bmp;

/// <summary>Reads BMP with 1, 4, 8, 16, 24 and 32 bits per pixel, run-length encoded or not. An alpha channel is not read.</summary>
internal sealed class BmpDecoder : IImageDecoder
{
    public string Format => "BMP";

    public IReadOnlyList<string> Extensions { get; } = [".bmp"];

    public string? Missing => null;

    public bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith("BM"u8);

    public EncodedImage Open(ReadOnlyMemory<byte> file) => new BmpImage(file, BmpHeader.Read(file));

    private sealed class BmpImage(ReadOnlyMemory<byte> file, BmpHeader header) : EncodedImage(header.Width, header.Height, channels: 3)
    {
        public override void Decode(Span<byte> pixels)
        {
            if (header.IsRunLength)
            {
                BmpRunLength.Decode(file.Span[header.PixelStart..], header, pixels);
                return;
            }

            var rowBytes = (int)header.RowBytes;
            for (var i = 0; i < Height; i++)
            {
                var y = header.TopDown ? i : Height - 1 - i;
                var row = file.Span.Slice(header.PixelStart + (i * rowBytes), rowBytes);
                var target = pixels.Slice(y * Width * Channels, Width * Channels);
                if (header.BitsPerPixel <= 8)
                    Indexed(row, target);
                else if (header.BitsPerPixel == 24)
                    BlueGreenRed(row, target);
                else
                    Masked(row, target);
            }
        }

        private void Indexed(ReadOnlySpan<byte> row, Span<byte> target)
        {
            var bits = header.BitsPerPixel;
            for (var x = 0; x < Width; x++)
            {
                var index = row[x * bits / 8] >> (8 - bits - (x * bits % 8)) & ((1 << bits) - 1);
                BmpPalette.Write(header, index, target[(x * Channels)..]);
            }
        }

        private void BlueGreenRed(ReadOnlySpan<byte> row, Span<byte> target)
        {
            for (var i = 0; i < Width * Channels; i += Channels)
                (target[i], target[i + 1], target[i + 2]) = (row[i + 2], row[i + 1], row[i]);
        }

        private void Masked(ReadOnlySpan<byte> row, Span<byte> target)
        {
            var (red, green, blue) = (new BmpChannel(header.Masks.Red), new BmpChannel(header.Masks.Green), new BmpChannel(header.Masks.Blue));
            for (var x = 0; x < Width; x++)
            {
                var value = header.BitsPerPixel == 16
                    ? BinaryPrimitives.ReadUInt16LittleEndian(row[(2 * x)..])
                    : BinaryPrimitives.ReadUInt32LittleEndian(row[(4 * x)..]);
                var pixel = target.Slice(x * Channels, Channels);
                (pixel[0], pixel[1], pixel[2]) = (red.Of(value), green.Of(value), blue.Of(value));
            }
        }
    }
}

/// <summary>One channel of pixels of 16 or 32 bits.</summary>
internal readonly struct BmpChannel(uint mask)
{
    private readonly int shift = System.Numerics.BitOperations.TrailingZeroCount(mask);
    private readonly uint most = mask >> System.Numerics.BitOperations.TrailingZeroCount(mask);

    /// <summary>Returns the channel as a byte: v · 255 / most, rounded.</summary>
    public byte Of(uint pixel) => (byte)((((ulong)((pixel & mask) >> shift) * 255) + (most / 2)) / most);
}

/// <summary>The colors of pixels that are indices of a palette.</summary>
internal static class BmpPalette
{
    public static void Write(BmpHeader header, int index, Span<byte> pixel)
    {
        var start = index * header.PaletteEntryBytes;
        var palette = header.Palette.Span;
        if (start >= palette.Length)
            throw new InvalidDataException($"a pixel has colour {index} of a palette with {palette.Length / header.PaletteEntryBytes}");
        (pixel[0], pixel[1], pixel[2]) = (palette[start + 2], palette[start + 1], palette[start]);
    }
}

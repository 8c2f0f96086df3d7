using System.Buffers.Binary;

namespace ModelDsl.Images.Png;

/// <summary>Converts the samples of a row, which have 1 to 16 bits and may be palette entries, to channels of 8 bits.</summary>
internal static class PngRow
{
    private const byte Opaque = 255;

    /// <summary>Unpacks a row.</summary>
    /// <param name="header">The header, which defines the format of the samples.</param>
    /// <param name="row">The samples.</param>
    /// <param name="pixels">Receives the channels.</param>
    /// <param name="columns">The number of pixels.</param>
    /// <exception cref="InvalidDataException">A pixel has a color that is not in the palette.</exception>
    public static void Unpack(PngHeader header, ReadOnlySpan<byte> row, Span<byte> pixels, int columns)
    {
        if (header.Color == PngColor.Palette)
            Palette(header, row, pixels, columns);
        else if (!header.Transparency.IsEmpty)
            KeyedTransparency(header, row, pixels, columns);
        else if (header.BitDepth == 8)
            row[..(columns * header.Samples)].CopyTo(pixels);
        else
            Samples(header, row, pixels, columns);
    }

    private static void Palette(PngHeader header, ReadOnlySpan<byte> row, Span<byte> pixels, int columns)
    {
        var palette = header.Palette.Span;
        var alphas = header.Transparency.Span;
        var channels = header.Channels;
        for (var i = 0; i < columns; i++)
        {
            var index = Sample(row, i, header.BitDepth);
            if (3 * index >= palette.Length)
                throw new InvalidDataException($"a pixel has colour {index} of a palette with {palette.Length / 3}");
            var pixel = pixels.Slice(i * channels, channels);
            palette.Slice(3 * index, 3).CopyTo(pixel);
            if (channels == 4)
                pixel[3] = index < alphas.Length ? alphas[index] : Opaque;
        }
    }

    /// <summary>Makes pixels of one color transparent, which is compared at its full depth.</summary>
    private static void KeyedTransparency(PngHeader header, ReadOnlySpan<byte> row, Span<byte> pixels, int columns)
    {
        var key = header.Transparency.Span;
        var samples = header.Samples;
        for (var i = 0; i < columns; i++)
        {
            var pixel = pixels.Slice(i * (samples + 1), samples + 1);
            var same = true;
            for (var s = 0; s < samples; s++)
            {
                var value = Sample(row, (i * samples) + s, header.BitDepth);
                same &= value == BinaryPrimitives.ReadUInt16BigEndian(key[(2 * s)..]);
                pixel[s] = ToByte(value, header.BitDepth);
            }

            pixel[samples] = same ? (byte)0 : Opaque;
        }
    }

    private static void Samples(PngHeader header, ReadOnlySpan<byte> row, Span<byte> pixels, int columns)
    {
        for (var i = 0; i < columns * header.Samples; i++)
            pixels[i] = ToByte(Sample(row, i, header.BitDepth), header.BitDepth);
    }

    /// <summary>Returns the sample at an index of a row; samples of less than a byte begin at its high bits.</summary>
    private static int Sample(ReadOnlySpan<byte> row, int index, int depth) => depth switch
    {
        16 => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]),
        8 => row[index],
        _ => row[index * depth / 8] >> (8 - depth - (index * depth % 8)) & ((1 << depth) - 1),
    };

    /// <summary>Returns v · 255 / (2^depth − 1), rounded.</summary>
    private static byte ToByte(int value, int depth) => depth switch
    {
        16 => (byte)(((value * 255) + 32895) >> 16),
        8 => (byte)value,
        _ => (byte)(value * (255 / ((1 << depth) - 1))),
    };
}

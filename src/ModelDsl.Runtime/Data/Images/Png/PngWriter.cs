using System.Buffers.Binary;
using System.IO.Compression;

namespace ModelDsl.Images.Png;

/// <summary>Writes PNG files of 8 bits per channel. Each row uses the filter with the smallest differences.</summary>
internal static class PngWriter
{
    public static void Write(Stream stream, Image image)
    {
        stream.Write(PngDecoder.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = (byte)(image.Channels switch { 1 => PngColor.Grey, 2 => PngColor.GreyAlpha, 3 => PngColor.Rgb, _ => PngColor.Rgba });
        header[10..].Clear();
        Chunk(stream, PngHeader.Ihdr, header);
        Chunk(stream, PngHeader.Idat, Compress(image));
        Chunk(stream, PngHeader.Iend, []);
    }

    private static ReadOnlySpan<byte> Compress(Image image)
    {
        var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            Rows(image, zlib);
        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    private static void Rows(Image image, ZLibStream zlib)
    {
        var (distance, rowBytes) = (image.Channels, image.Width * image.Channels);
        var (row, above) = (new byte[distance + rowBytes], new byte[distance + rowBytes]);
        var (differences, best) = (new byte[rowBytes], new byte[rowBytes]);
        for (var y = 0; y < image.Height; y++)
        {
            (row, above) = (above, row);
            image.Pixels.Slice(y * rowBytes, rowBytes).CopyTo(row.AsSpan(distance));
            var (chosen, least) = (PngFilter.None, long.MaxValue);
            for (var filter = PngFilter.None; filter < PngFilter.Count; filter++)
            {
                var sum = PngFilter.Apply(filter, row, above, distance, differences);
                if (sum >= least)
                    continue;
                (chosen, least) = (filter, sum);
                (differences, best) = (best, differences);
            }

            zlib.WriteByte((byte)chosen);
            zlib.Write(best);
        }
    }

    private static void Chunk(Stream stream, uint type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        stream.Write(word);
        BinaryPrimitives.WriteUInt32BigEndian(word, type);
        stream.Write(word);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, Crc32.Of(data, Crc32.Of(word)));
        stream.Write(word);
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ModelDsl.Runtime.Tests.Data.Images;

/// <summary>
/// Writes PNG files of every kind, for tests: its checksum, filters, passes and packing are written down from the standard once more, bit by bit.
/// </summary>
internal sealed class PngBytes(int width, int height, int colorType, int depth)
{
    public static readonly byte[] Signature = [137, 80, 78, 71, 13, 10, 26, 10];

    public int Samples => colorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public byte[]? Palette { get; init; }

    public byte[]? Transparency { get; init; }

    public bool Interlaced { get; init; }

    /// <summary>The filter of each row, given its number; of passes the rows are counted through.</summary>
    public Func<int, int> Filter { get; init; } = _ => 0;

    /// <summary>Into how many IDAT chunks the data is cut.</summary>
    public int DataChunks { get; init; } = 1;

    /// <summary>Makes a file of samples: rows from the top, the samples of a pixel side by side.</summary>
    public byte[] File(ushort[] samples)
    {
        var file = new List<byte>(Signature);
        file.AddRange(Chunk("IHDR", Header(width, height, depth, colorType, Interlaced ? 1 : 0)));
        if (Palette is not null)
            file.AddRange(Chunk("PLTE", Palette));
        if (Transparency is not null)
            file.AddRange(Chunk("tRNS", Transparency));
        file.AddRange(Chunk("tEXt", "Comment\0skip me"u8));
        var data = Zlib(Rows(samples));
        for (var i = 0; i < DataChunks; i++)
            file.AddRange(Chunk("IDAT", data.AsSpan((data.Length * i / DataChunks)..(data.Length * (i + 1) / DataChunks))));
        file.AddRange(Chunk("IEND", []));
        return [.. file];
    }

    public static byte[] Header(int width, int height, int depth, int colorType, int interlace)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)colorType, (byte)interlace);
        return header;
    }

    public static byte[] Chunk(string type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Checksum(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    public static byte[] Zlib(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest))
            zlib.Write(bytes);
        return stream.ToArray();
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var feedback = (crc ^ (uint)(value >> bit)) & 1;
                crc = (crc >> 1) ^ (feedback * 0xEDB88320);
            }
        }

        return ~crc;
    }

    private byte[] Rows(ushort[] samples)
    {
        var bytes = new List<byte>();
        var number = 0;
        foreach (var (columns, rows) in Interlaced ? Passes() : [(Range(0, width, 1), Range(0, height, 1))])
        {
            if (columns.Length == 0 || rows.Length == 0)
                continue;
            var above = new byte[Pack(columns, rows[0], samples).Length];
            foreach (var y in rows)
            {
                var row = Pack(columns, y, samples);
                var filter = Filter(number++);
                bytes.Add((byte)filter);
                bytes.AddRange(Filtered(filter, row, above));
                above = row;
            }
        }

        return [.. bytes];
    }

    /// <summary>Adam7, from its 8 × 8 pattern: each number is the pass of that pixel.</summary>
    private IEnumerable<(int[] Columns, int[] Rows)> Passes()
    {
        string[] pattern = ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];
        for (var pass = '1'; pass <= '7'; pass++)
        {
            int[] rows = [.. Range(0, height, 1).Where(y => pattern[y % 8].Contains(pass))];
            var first = pattern.First(line => line.Contains(pass));
            yield return ([.. Range(0, width, 1).Where(x => first[x % 8] == pass)], rows);
        }
    }

    private static int[] Range(int start, int end, int step) => [.. Enumerable.Range(0, (end - start + step - 1) / step).Select(i => start + (i * step))];

    private byte[] Pack(int[] columns, int y, ushort[] samples)
    {
        var bits = new List<int>();
        foreach (var x in columns)
        {
            for (var s = 0; s < Samples; s++)
            {
                var value = samples[(((y * width) + x) * Samples) + s];
                for (var bit = depth - 1; bit >= 0; bit--)
                    bits.Add(value >> bit & 1);
            }
        }

        while (bits.Count % 8 != 0)
            bits.Add(0);
        return [.. bits.Chunk(8).Select(chunk => (byte)chunk.Aggregate(0, (value, bit) => (value << 1) | bit))];
    }

    private byte[] Filtered(int filter, byte[] row, byte[] above)
    {
        var distance = Math.Max(1, Samples * depth / 8);
        var filtered = new byte[row.Length];
        for (var i = 0; i < row.Length; i++)
        {
            int a = i >= distance ? row[i - distance] : 0, b = above[i], c = i >= distance ? above[i - distance] : 0;
            var p = a + b - c;
            int[] nearest = [.. new[] { a, b, c }.OrderBy(value => Math.Abs(p - value))];
            filtered[i] = (byte)(row[i] - filter switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => nearest[0], _ => 0 });
        }

        return filtered;
    }
}

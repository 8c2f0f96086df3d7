using System.Buffers.Binary;
using System.IO.Compression;
using ModelDsl.Files;

namespace ModelDsl;

/// <summary>
/// A file in the IDX format of MNIST: the number of dimensions, their sizes, and unsigned bytes. Files compressed with gzip are
/// recognized by their first bytes.
/// </summary>
public sealed class IdxFile
{
    private const int MostDimensions = 8;
    private const byte UnsignedByte = 0x08;
    private const int ChunkBytes = 1 << 20;

    // The maximum ratio of Deflate compression: a compressed file whose header claims more data is damaged.
    private const long DeflateLimit = 1032;

    /// <summary>The maximum size of a sample in a file without samples, whose length does not limit the size of a sample.</summary>
    private const long MostBytesOfNoSample = 1 << 20;

    private readonly byte[] data;
    private readonly int[] dimensions;

    private IdxFile(int[] dimensions, byte[] data)
    {
        this.dimensions = dimensions;
        this.data = data;
    }

    /// <summary>The sizes of the dimensions; the first one is the number of samples.</summary>
    public IReadOnlyList<int> Dimensions => dimensions;

    /// <summary>The number of samples.</summary>
    public int Count => dimensions[0];

    /// <summary>The shape of one sample, such as 28 × 28; empty for labels.</summary>
    public IReadOnlyList<int> SampleShape => dimensions[1..];

    /// <summary>The bytes in row-major order.</summary>
    public ReadOnlyMemory<byte> Data => data;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, compressed with gzip or not.</param>
    /// <exception cref="InvalidDataException">The file is not an IDX file of unsigned bytes, or has more or fewer bytes than its header says.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxFile Read(string path)
    {
        using var file = InputFile.Open(path);
        return Read(file, path);
    }

    /// <summary>Reads a file from a stream that can seek.</summary>
    internal static IdxFile Read(Stream file, string name)
    {
        var zipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        if (!zipped)
            return Read(file, name, file.Length);

        using var gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            return Read(gzip, name, file.Length * DeflateLimit);
        }
        catch (InvalidDataException exception) when (!exception.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name}: the gzip data is damaged or cut short ({exception.Message})", exception);
        }
    }

    private static IdxFile Read(Stream stream, string name, long mostBytes)
    {
        Span<byte> word = stackalloc byte[4];
        ReadExactly(stream, word, name, "its header");
        if (word[0] != 0 || word[1] != 0)
            throw new InvalidDataException($"{name}: not an IDX file (it starts with {word[0]:X2} {word[1]:X2} instead of 00 00).");
        if (word[2] != UnsignedByte)
            throw new InvalidDataException($"{name}: holds elements of type 0x{word[2]:X2}; only unsigned bytes (0x08) are supported.");
        if (word[3] is 0 or > MostDimensions)
            throw new InvalidDataException($"{name}: says it has {word[3]} dimensions; 1 to {MostDimensions} are possible.");

        var dimensions = new int[word[3]];
        var (bytes, sampleBytes) = (1L, 1L);
        for (var i = 0; i < dimensions.Length; i++)
        {
            ReadExactly(stream, word, name, "its header");
            dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(word);
            if (dimensions[i] < 0 || (i > 0 && dimensions[i] == 0))
                throw new InvalidDataException($"{name}: dimension {i} has the impossible size {(uint)dimensions[i]}.");
            // The factors are less than 2³¹, and each product is checked, so they cannot overflow.
            bytes *= dimensions[i];
            if (bytes > mostBytes || bytes > Array.MaxLength)
                throw new InvalidDataException($"{name}: promises {string.Join(" × ", dimensions[..(i + 1)])} bytes or more, which the file cannot hold.");

            // The length of a file without samples does not depend on the size of a sample.
            sampleBytes *= i == 0 ? 1 : dimensions[i];
            if (dimensions[0] == 0 && sampleBytes > MostBytesOfNoSample)
                throw new InvalidDataException($"{name}: has no samples, and samples of {string.Join(" × ", dimensions[1..(i + 1)])} bytes or more; the header is damaged.");
        }

        var data = ReadData(stream, (int)bytes, name);
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException($"{name}: has more bytes than the {string.Join(" × ", dimensions)} that its header promises.");
        return new IdxFile(dimensions, data);
    }

    /// <summary>Grows the array with the data that is read, so that a header alone cannot cause a large allocation.</summary>
    private static byte[] ReadData(Stream stream, int bytes, string name)
    {
        var data = new byte[Math.Min(bytes, ChunkBytes)];
        var read = 0;
        while (true)
        {
            var count = stream.ReadAtLeast(data.AsSpan(read), data.Length - read, throwOnEndOfStream: false);
            read += count;
            if (read < data.Length)
                throw new InvalidDataException($"{name}: ends after {read} of {bytes} bytes of data.");
            if (read == bytes)
                return data;
            Array.Resize(ref data, (int)Math.Min(bytes, 2L * data.Length));
        }
    }

    private static void ReadExactly(Stream stream, Span<byte> target, string name, string what)
    {
        if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
            throw new InvalidDataException($"{name}: ends within {what}.");
    }
}

using System.Buffers.Binary;
using System.Globalization;

namespace ModelDsl;

/// <summary>
/// Where the ids of a file are: after a header of 16 bytes (the signature <c>MDSLTOKS</c>, the version and the bytes per id as 16-bit numbers, the size of the vocabulary as a 32-bit
/// number) and before the number of ids as a 64-bit number, which shows that the file is complete. All numbers are little-endian. A raw file has nothing but ids.
/// </summary>
/// <param name="Start">The offset of the first id in bytes.</param>
/// <param name="Count">The number of ids.</param>
/// <param name="BytesPerId">2 or 4.</param>
/// <param name="VocabularySize">The exclusive upper bound of the ids.</param>
internal sealed record TokenFileLayout(int Start, long Count, int BytesPerId, int VocabularySize)
{
    /// <summary>The greatest vocabulary whose ids have 16 bits.</summary>
    public const int ShortVocabulary = ushort.MaxValue + 1;

    private const int HeaderLength = 16, EndLength = sizeof(long);
    private const short Version = 1;

    private static ReadOnlySpan<byte> Signature => "MDSLTOKS"u8;

    /// <summary>The bytes per id of a vocabulary.</summary>
    public static int WidthOf(int vocabularySize) => vocabularySize <= ShortVocabulary ? sizeof(ushort) : sizeof(int);

    /// <summary>Writes the header.</summary>
    public static void WriteHeader(Stream stream, int vocabularySize)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        Signature.CopyTo(header);
        BinaryPrimitives.WriteInt16LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt16LittleEndian(header[10..], (short)WidthOf(vocabularySize));
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], vocabularySize);
        stream.Write(header);
    }

    /// <summary>Writes what follows the ids.</summary>
    public static void WriteEnd(Stream stream, long count)
    {
        Span<byte> end = stackalloc byte[EndLength];
        BinaryPrimitives.WriteInt64LittleEndian(end, count);
        stream.Write(end);
    }

    /// <summary>Reads the layout of a file that has a header.</summary>
    /// <exception cref="InvalidDataException">The file has another format, or is cut short.</exception>
    public static TokenFileLayout Read(FileStream stream)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        var read = stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        if (read < Signature.Length || !header.StartsWith(Signature))
        {
            throw new InvalidDataException(
                $"'{stream.Name}' is not a file of TokenFile.Write: it does not begin with MDSLTOKS. Write the tokens with TokenFile.Write; a file of 16-bit ids without a header, as nanoGPT writes it, is opened with TokenFile.OpenRaw.");
        }

        if (read < HeaderLength)
            throw CutShort(stream, HeaderLength + EndLength);
        var (version, width, vocabulary) = (
            BinaryPrimitives.ReadInt16LittleEndian(header[8..]), BinaryPrimitives.ReadInt16LittleEndian(header[10..]), BinaryPrimitives.ReadInt32LittleEndian(header[12..]));
        if (version != Version)
            throw new InvalidDataException($"'{stream.Name}' is a token file of version {version}; this library reads version {Version}. Write it again with TokenFile.Write.");
        if (vocabulary < 1 || width != WidthOf(vocabulary))
            throw new InvalidDataException($"'{stream.Name}' is damaged: its header says {width} bytes per id and {vocabulary} ids. Write it again with TokenFile.Write.");

        Span<byte> end = stackalloc byte[EndLength];
        stream.Position = Math.Max(HeaderLength, stream.Length - EndLength);
        var count = stream.ReadAtLeast(end, EndLength, throwOnEndOfStream: false) == EndLength ? BinaryPrimitives.ReadInt64LittleEndian(end) : -1;
        if (count < 0 || count > (long.MaxValue - HeaderLength - EndLength) / width || HeaderLength + (count * width) + EndLength != stream.Length)
            throw CutShort(stream, null);
        return new TokenFileLayout(HeaderLength, count, width, vocabulary);
    }

    /// <summary>Reads the layout of a file of 16-bit ids.</summary>
    /// <exception cref="InvalidDataException">The file cannot be one.</exception>
    public static TokenFileLayout ReadRaw(FileStream stream, int vocabularySize)
    {
        Span<byte> signature = stackalloc byte[Signature.Length];
        if (stream.ReadAtLeast(signature, Signature.Length, throwOnEndOfStream: false) == Signature.Length && signature.SequenceEqual(Signature))
            throw new InvalidDataException($"'{stream.Name}' has a header: it was written with TokenFile.Write. Open it with TokenFile.Open.");
        if (stream.Length == 0)
            throw new InvalidDataException($"'{stream.Name}' is empty; expected ids of 16 bits.");
        if (stream.Length % sizeof(ushort) != 0)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{stream.Name}' has {stream.Length:N0} bytes, an odd number; a file of 16-bit ids has two for each. It is cut short, or has another format: copy it again, or write the tokens with TokenFile.Write."));
        }

        return new TokenFileLayout(0, stream.Length / sizeof(ushort), sizeof(ushort), vocabularySize);
    }

    private static InvalidDataException CutShort(FileStream stream, long? least) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"'{stream.Name}' is cut short or damaged: it has {stream.Length:N0} bytes{(least is null ? ", which is not the length that its last 8 bytes state" : $"; a token file has at least {least:N0}")}. Copy it again, or write it again with TokenFile.Write."));
}

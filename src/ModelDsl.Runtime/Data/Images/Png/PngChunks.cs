using System.Buffers.Binary;
using System.Text;

namespace ModelDsl.Images.Png;

/// <summary>Enumerates the chunks of a PNG file: a length, a type of four letters, data and a checksum each.</summary>
internal ref struct PngChunks(ReadOnlyMemory<byte> file, int position)
{
    /// <summary>The bytes of a chunk other than its data: length and type before it, checksum after it.</summary>
    private const int Frame = 12;

    private int next = position;

    /// <summary>The type of the chunk.</summary>
    public uint Type { get; private set; }

    /// <summary>The data of the chunk.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>The offset of the chunk in the file.</summary>
    public int Start { get; private set; }

    /// <summary>Whether the image cannot be decoded without this chunk; other chunks may be skipped.</summary>
    public readonly bool IsCritical => (Type >> 24 & 0x20) == 0;

    /// <summary>The type as letters.</summary>
    public readonly string Name
    {
        get
        {
            Span<byte> letters = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(letters, Type);
            return Encoding.Latin1.GetString(letters);
        }
    }

    /// <summary>Advances to the next chunk.</summary>
    /// <exception cref="InvalidDataException">The file ends before the end of the chunk.</exception>
    public void MoveNext()
    {
        var rest = file.Length - next;
        if (rest < Frame)
            throw new InvalidDataException("it ends before its last chunk (IEND)");
        var length = BinaryPrimitives.ReadUInt32BigEndian(file.Span[next..]);
        if (length > rest - Frame)
            throw new InvalidDataException($"it ends within a chunk that promises {length:N0} bytes");
        Start = next;
        Type = BinaryPrimitives.ReadUInt32BigEndian(file.Span[(next + 4)..]);
        Data = file.Slice(next + 8, (int)length);
        next += Frame + (int)length;
    }

    /// <summary>Verifies the checksum.</summary>
    /// <exception cref="InvalidDataException">The checksum is wrong.</exception>
    public readonly void Check()
    {
        var expected = BinaryPrimitives.ReadUInt32BigEndian(file.Span[(Start + 8 + Data.Length)..]);
        if (Crc32.Of(file.Span.Slice(Start + 4, Data.Length + 4)) != expected)
            throw new InvalidDataException($"the checksum of its chunk {Name} is wrong");
    }
}

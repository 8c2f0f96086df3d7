namespace ModelDsl.SentencePiece;

/// <summary>Reads the fields of a message in the encoding of protocol buffers (https://protobuf.dev/programming-guides/encoding).</summary>
/// <param name="bytes">The message.</param>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    public const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    /// <summary>The number of the field.</summary>
    public int Field { get; private set; }

    /// <summary>The value of a field that is a number.</summary>
    public long Number { get; private set; }

    /// <summary>The bytes of a field that is a string or a message.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Reads the next field.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="EndOfStreamException">The message is cut short.</exception>
    /// <exception cref="FormatException">The bytes are no message.</exception>
    public bool Read()
    {
        if (at == bytes.Length)
            return false;
        var tag = ReadVarint();
        var type = (int)(tag & 7);
        Field = (int)(tag >> 3);
        Number = type is Varint or Bytes ? ReadVarint() : 0;
        var length = type switch
        {
            Varint => 0,
            Fixed64 => 8,
            Bytes => Number,
            Fixed32 => 4,
            _ => throw new FormatException("It is not a protocol buffer."),
        };
        if (length < 0 || length > bytes.Length - at)
            throw new EndOfStreamException("It ends within a field.");
        Content = bytes.Slice(at, (int)length);
        at += (int)length;
        return true;
    }

    private long ReadVarint()
    {
        var value = 0L;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == bytes.Length)
                throw new EndOfStreamException("It ends within a number.");
            value |= (long)(bytes[at] & 0x7F) << shift;
            if (bytes[at++] < 0x80)
                return value;
        }

        throw new FormatException("It is not a protocol buffer.");
    }
}

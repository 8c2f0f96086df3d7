namespace ModelDsl.Bpe;

/// <summary>
/// The characters that stand for the 256 bytes in the files of a byte-level BPE: printable characters of Latin-1 stand for themselves, the other bytes, in their order, are the
/// characters from U+0100 on (<c>bytes_to_unicode</c> in OpenAI's GPT-2).
/// </summary>
internal static class ByteCharacters
{
    private static readonly char[] Characters = Create();
    private static readonly Dictionary<char, byte> Bytes = Enumerable.Range(0, Characters.Length).ToDictionary(value => Characters[value], value => (byte)value);

    /// <summary>Returns the characters of bytes.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = bytes.Length <= 256 ? stackalloc char[bytes.Length] : new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
            text[i] = Characters[bytes[i]];
        return new string(text);
    }

    /// <summary>Returns the character of a byte.</summary>
    public static char Of(byte value) => Characters[value];

    /// <summary>Returns the bytes of a token, or null if a character stands for no byte.</summary>
    public static byte[]? Read(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!Bytes.TryGetValue(token[i], out bytes[i]))
                return null;
        }

        return bytes;
    }

    private static char[] Create()
    {
        var (characters, next) = (new char[256], (char)256);
        for (var value = 0; value < characters.Length; value++)
            characters[value] = value is (>= '!' and <= '~') or (>= '\u00A1' and <= '\u00AC') or >= '\u00AE' ? (char)value : next++;
        return characters;
    }
}

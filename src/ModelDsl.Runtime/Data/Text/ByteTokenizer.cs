using System.Text;

namespace ModelDsl;

/// <summary>
/// A tokenizer with one token per byte of UTF-8. An id from 0 to 255 is the byte with that value, so the bytes of a file are its ids; 256 is padding. There is no unknown token. Ids that
/// are not valid UTF-8 decode to the replacement character.
/// </summary>
/// <example><code>[Model, TokenInput(64, ByteTokenizer.Vocabulary, Padding = ByteTokenizer.Padding), …]</code></example>
public sealed class ByteTokenizer : ITokenizer
{
    /// <summary>The number of ids: 256 bytes and padding. A constant, for attributes.</summary>
    public const int Vocabulary = Padding + 1;

    /// <summary>The id of padding, which follows those of the bytes. A constant, for attributes.</summary>
    public const int Padding = byte.MaxValue + 1;

    /// <inheritdoc/>
    public int VocabularySize => Vocabulary;

    /// <inheritdoc/>
    public int PaddingId => Padding;

    /// <inheritdoc/>
    public int? UnknownId => null;

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return Array.ConvertAll(bytes, static value => (int)value);
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var (bytes, count) = (new byte[ids.Length], 0);
        for (var i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= Vocabulary)
                throw new ArgumentOutOfRangeException(nameof(ids), ids[i], $"Ids run from 0 to {Vocabulary - 1}; number {i} does not.");
            if (ids[i] != Padding)
                bytes[count++] = (byte)ids[i];
        }

        return Encoding.UTF8.GetString(bytes.AsSpan(0, count));
    }
}

using System.Text;

namespace ModelDsl;

/// <summary>One token per byte of UTF-8: 256 ids, nothing is unknown. Ids that are no valid UTF-8 decode to the replacement character.</summary>
public sealed class ByteTokenizer : ITokenizer
{
    /// <inheritdoc/>
    public int VocabularySize => 256;

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
        var bytes = new byte[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] > byte.MaxValue)
                throw new ArgumentOutOfRangeException(nameof(ids), ids[i], $"Id number {i} is no byte.");
            bytes[i] = (byte)ids[i];
        }

        return Encoding.UTF8.GetString(bytes);
    }
}

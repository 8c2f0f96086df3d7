namespace ModelDsl;

/// <summary>
/// Converts text to the token ids of a model, and back. Ids are from 0 to <see cref="VocabularySize"/> − 1. Padding has an id that no text has, so that
/// padding a short sample does not change its text.
/// </summary>
/// <example>
/// <code>
/// [Model, TokenInput(64, ByteTokenizer.Vocabulary, Padding = ByteTokenizer.Padding), …]
///
/// int[] ids = tokenizer.EncodeToLength("a short text", 64);
/// </code>
/// </example>
public interface ITokenizer
{
    /// <summary>The number of ids, including padding and the unknown token: the <c>vocabulary</c> of a <c>TokenInput</c>.</summary>
    int VocabularySize { get; }

    /// <summary>
    /// The id that pads samples, the <c>Padding</c> of a <c>TokenInput</c>. <see cref="Encode"/> never returns it, and <see cref="Decode"/> omits it.
    /// </summary>
    int PaddingId { get; }

    /// <summary>The id of all parts of a text that are not in the vocabulary; null if every text can be encoded.</summary>
    int? UnknownId { get; }

    /// <summary>Returns the ids of a text, without padding.</summary>
    /// <param name="text">The text.</param>
    int[] Encode(ReadOnlySpan<char> text);

    /// <summary>Returns the text of ids. Padding is omitted.</summary>
    /// <param name="ids">The ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative or not less than <see cref="VocabularySize"/>.</exception>
    string Decode(ReadOnlySpan<int> ids);
}

/// <summary>Extension methods for tokenizers.</summary>
public static class TokenizerExtensions
{
    /// <summary>Returns the ids of a text as one sample of a fixed length: a longer text is truncated at its end, a shorter one is padded at its end.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="text">The text.</param>
    /// <param name="length">The number of ids, at least 1: the <c>length</c> of the model's <c>TokenInput</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    public static int[] EncodeToLength(this ITokenizer tokenizer, ReadOnlySpan<char> text, int length)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var ids = tokenizer.Encode(text);
        var known = ids.Length;
        Array.Resize(ref ids, length);
        if (known < length)
            ids.AsSpan(known).Fill(tokenizer.PaddingId);
        return ids;
    }
}

namespace ModelDsl;

/// <summary>
/// Converts text to the token ids a model reads, and back. Ids run from 0 to <see cref="VocabularySize"/> − 1; padding has an id that no text has, so that
/// filling up a short sample never changes what the text says.
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
    /// <summary>The number of different ids, padding and the unknown token included: the <c>vocabulary</c> of a <c>TokenInput</c>.</summary>
    int VocabularySize { get; }

    /// <summary>
    /// The id that fills up samples, the <c>Padding</c> of a <c>TokenInput</c>. <see cref="Encode"/> never gives it, and <see cref="Decode"/> makes no text of it.
    /// </summary>
    int PaddingId { get; }

    /// <summary>The id of everything in a text that has no id of its own; null where every text has ids of its own.</summary>
    int? UnknownId { get; }

    /// <summary>The ids of a text, without padding.</summary>
    /// <param name="text">The text.</param>
    int[] Encode(ReadOnlySpan<char> text);

    /// <summary>The text of ids. Padding is left out.</summary>
    /// <param name="ids">The ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative or not less than <see cref="VocabularySize"/>.</exception>
    string Decode(ReadOnlySpan<int> ids);
}

/// <summary>What every tokenizer can do beside its own work.</summary>
public static class TokenizerExtensions
{
    /// <summary>The ids of a text as one sample of a fixed length: a longer text loses its end, a shorter one is filled up with padding behind it.</summary>
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

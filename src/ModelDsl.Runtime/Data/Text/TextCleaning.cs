using System.Text;

namespace ModelDsl;

/// <summary>
/// The cleaning of a text before a tokenizer splits it: letters become lower case, some characters are removed, others become spaces. A vocabulary contains its
/// cleaning, so that texts are processed in the same way in training and afterwards.
/// </summary>
/// <example>
/// <code>
/// var tokenizer = WordTokenizer.FromTexts(texts, new VocabularyOptions { Cleaning = new TextCleaning { LowerCase = false } });
/// </code>
/// </example>
public sealed record TextCleaning
{
    /// <summary>The punctuation characters of ASCII.</summary>
    public const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    /// <summary>Lower case, with punctuation removed: <c>Don't stop!</c> becomes <c>dont stop</c>, as in Keras' <c>TextVectorization</c>.</summary>
    public static TextCleaning Default { get; } = new();

    /// <summary>Lower case, with punctuation other than the apostrophe replaced by spaces: <c>well-known</c> becomes <c>well known</c>, as in Keras' <c>Tokenizer</c>.</summary>
    public static TextCleaning PunctuationSeparates { get; } = new()
    {
        Removed = "",
        Separators = Punctuation.Replace("'", "", StringComparison.Ordinal),
    };

    /// <summary>No cleaning.</summary>
    public static TextCleaning None { get; } = new() { LowerCase = false, Removed = "" };

    /// <summary>Whether letters become lower case, by the rules of the invariant culture. True by default.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>The characters that are removed; <see cref="Punctuation"/> by default.</summary>
    public string Removed { get; init; } = Punctuation;

    /// <summary>The characters that are replaced by a space, and so separate words; none by default.</summary>
    public string Separators { get; init; } = "";

    /// <summary>Returns the text after cleaning.</summary>
    /// <param name="text">The text.</param>
    public string Apply(ReadOnlySpan<char> text)
    {
        var cleaned = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (Removed.Contains(character, StringComparison.Ordinal))
                continue;
            cleaned.Append(Separators.Contains(character, StringComparison.Ordinal) ? ' ' : character);
        }

        // The whole text is converted at once, because a letter may be two characters.
        return LowerCase ? cleaned.ToString().ToLowerInvariant() : cleaned.ToString();
    }
}

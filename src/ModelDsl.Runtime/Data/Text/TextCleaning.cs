using System.Text;

namespace ModelDsl;

/// <summary>
/// What is done to a text before a tokenizer divides it: letters become small ones, some characters are removed, others become spaces. A vocabulary keeps its
/// cleaning, so that texts are treated alike in training and afterwards.
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

    /// <summary>Lower case, punctuation removed: <c>Don't stop!</c> is <c>dont stop</c>, as Keras' <c>TextVectorization</c> has it.</summary>
    public static TextCleaning Default { get; } = new();

    /// <summary>Lower case, punctuation other than the apostrophe divides words: <c>well-known</c> is <c>well known</c>, as Keras' <c>Tokenizer</c> has it.</summary>
    public static TextCleaning PunctuationSeparates { get; } = new()
    {
        Removed = "",
        Separators = Punctuation.Replace("'", "", StringComparison.Ordinal),
    };

    /// <summary>Texts as they are.</summary>
    public static TextCleaning None { get; } = new() { LowerCase = false, Removed = "" };

    /// <summary>Whether letters become lower case, as in the invariant culture. True by default.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>The characters that are removed; <see cref="Punctuation"/> by default.</summary>
    public string Removed { get; init; } = Punctuation;

    /// <summary>The characters that become a space and so divide words as white space does; none by default.</summary>
    public string Separators { get; init; } = "";

    /// <summary>The text after cleaning.</summary>
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

        // Of the whole text, since a letter may be two characters.
        return LowerCase ? cleaned.ToString().ToLowerInvariant() : cleaned.ToString();
    }
}

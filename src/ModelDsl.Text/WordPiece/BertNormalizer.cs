using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace ModelDsl.WordPiece;

/// <summary>
/// The normalization of BERT: control characters are removed, white space becomes spaces, Chinese characters become words, accents are removed, and letters become lower case. That of
/// Microsoft.ML.Tokenizers needs the system's Unicode data (ICU), composes characters again, and fails for surrogates without a partner.
/// </summary>
/// <param name="lowerCase">Whether letters become lower case.</param>
/// <param name="stripAccents">Whether accents are removed.</param>
/// <param name="splitChinese">Whether each Chinese character becomes a word.</param>
internal sealed class BertNormalizer(bool lowerCase, bool stripAccents, bool splitChinese) : Normalizer
{
    public override string Normalize(string original) => Normalize(original.AsSpan());

    public override string Normalize(ReadOnlySpan<char> original)
    {
        var text = new StringBuilder(original.Length + 16);
        foreach (var rune in original.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) && (rune.Value is '\t' or '\n' or '\r' || !Rune.IsControl(rune)))
                text.Append(' ');
            else if (!IsRemoved(rune))
                Append(text, rune, splitChinese && IsChinese(rune.Value) ? " " : "");
        }

        return text.ToString();
    }

    private void Append(StringBuilder text, Rune rune, string around)
    {
        text.Append(around);
        if (!stripAccents)
        {
            Append(text, rune);
        }
        else
        {
            foreach (var part in Decompositions.WithoutMarks(rune).EnumerateRunes())
                Append(text, part);
        }

        text.Append(around);
    }

    private void Append(StringBuilder text, Rune rune)
    {
        Span<char> characters = stackalloc char[2];
        var length = (lowerCase ? Rune.ToLowerInvariant(rune) : rune).EncodeToUtf16(characters);
        text.Append(characters[..length]);
    }

    private static bool IsRemoved(Rune rune) => rune == Rune.ReplacementChar
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;

    /// <summary>The blocks of Chinese characters that BERT names.</summary>
    private static bool IsChinese(int value) => value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}

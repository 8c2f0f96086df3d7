using System.Text;

namespace ModelDsl;

/// <summary>Texts without surrogates that have no partner.</summary>
internal static class WellFormed
{
    /// <summary>Returns a text in which each surrogate without its partner is U+FFFD; the text itself if it has none.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> text)
    {
        for (var rest = text; rest.IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var at; rest = rest[(at + 2)..])
        {
            if (at + 1 == rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
                return Replace(text);
        }

        return text;
    }

    private static string Replace(ReadOnlySpan<char> text)
    {
        var replaced = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            replaced.Append(rune.ToString());
        return replaced.ToString();
    }
}

using System.Globalization;
using System.Text;

namespace ModelDsl.Generator.Common;

/// <summary>Converts user text to one line: characters that would end the line, or cannot be written to a file, become C# escapes.</summary>
internal static class Printable
{
    /// <summary>Returns the text without line ends, control characters and single surrogates.</summary>
    public static string Line(string text)
    {
        var first = 0;
        while (first < text.Length && !MustBeEscaped(text, first)) first++;
        if (first == text.Length) return text;

        var builder = new StringBuilder(text, 0, first, text.Length + 8);
        for (var i = first; i < text.Length; i++)
        {
            if (MustBeEscaped(text, i)) builder.Append(Escape(text[i]));
            else builder.Append(text[i]);
        }

        return builder.ToString();
    }

    private static bool MustBeEscaped(string text, int at)
    {
        var symbol = text[at];
        if (symbol is >= ' ' and < '\u007f') return false;
        if (char.IsHighSurrogate(symbol)) return at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]);
        if (char.IsLowSurrogate(symbol)) return at == 0 || !char.IsHighSurrogate(text[at - 1]);
        return char.GetUnicodeCategory(symbol)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || symbol >= '\ufffe';
    }

    private static string Escape(char symbol) => symbol switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => "\\u" + ((int)symbol).ToString("x4", CultureInfo.InvariantCulture),
    };
}

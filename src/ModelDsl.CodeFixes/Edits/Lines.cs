using Microsoft.CodeAnalysis.Text;

namespace ModelDsl.CodeFixes.Edits;

/// <summary>The positions of code in its lines.</summary>
internal static class Lines
{
    /// <summary>Whether only white space precedes it in its line.</summary>
    public static bool Begins(TextSpan span, SourceText text) => Indentation(span.Start, text).Length == span.Start - LineAt(span.Start, text).Start;

    /// <summary>Whether only white space follows it in its line.</summary>
    public static bool Ends(TextSpan span, SourceText text) =>
        string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(span.End, LineAt(span.End, text).End)));

    /// <summary>Returns the white space at the start of a line.</summary>
    public static string Indentation(int position, SourceText text)
    {
        var line = LineAt(position, text).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    /// <summary>Returns the line end of the file.</summary>
    public static string Break(SourceText text)
    {
        var first = text.Lines[0];
        return first.EndIncludingLineBreak > first.End ? text.ToString(TextSpan.FromBounds(first.End, first.EndIncludingLineBreak)) : "\n";
    }

    public static TextChange Insert(int position, string inserted) => new(new TextSpan(position, 0), inserted);

    private static TextLine LineAt(int position, SourceText text) => text.Lines.GetLineFromPosition(position);
}

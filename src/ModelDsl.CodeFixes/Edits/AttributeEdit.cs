using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ModelDsl.CodeFixes.Edits;

/// <summary>Edits the layers of a list. A layer next to one at the start of a line gets its own line; otherwise it is inserted in the same line.</summary>
internal static class AttributeEdit
{
    public static TextChange InsertBefore(AttributeSyntax layer, SourceText text, string inserted)
    {
        var list = ListOf(layer);
        return list.Attributes[0] == layer && Lines.Begins(list.Span, text)
            ? Lines.Insert(list.SpanStart, $"[{inserted}]{Lines.Break(text)}{Lines.Indentation(list.SpanStart, text)}")
            : Lines.Insert(layer.SpanStart, inserted + ", ");
    }

    public static TextChange InsertAfter(AttributeSyntax layer, SourceText text, string inserted)
    {
        var list = ListOf(layer);
        return list.Attributes.Last() == layer && Lines.Begins(list.Span, text) && Lines.Ends(list.Span, text)
            ? Lines.Insert(list.Span.End, $"{Lines.Break(text)}{Lines.Indentation(list.SpanStart, text)}[{inserted}]")
            : Lines.Insert(layer.Span.End, ", " + inserted);
    }

    public static TextChange Remove(AttributeSyntax layer, SourceText text)
    {
        var list = ListOf(layer);
        var index = list.Attributes.IndexOf(layer);
        if (list.Attributes.Count > 1)
        {
            return new(index == 0
                ? TextSpan.FromBounds(layer.SpanStart, list.Attributes[1].SpanStart)
                : TextSpan.FromBounds(list.Attributes[index - 1].Span.End, layer.Span.End), "");
        }

        return RemoveList(list, text);
    }

    /// <summary>Removes a list, with its line if it is alone on it; code after it in the line moves up.</summary>
    public static TextChange RemoveList(AttributeListSyntax list, SourceText text)
    {
        if (!Lines.Begins(list.Span, text)) return new(TextSpan.FromBounds(list.GetFirstToken().GetPreviousToken().Span.End, list.Span.End), "");

        var line = text.Lines.GetLineFromPosition(list.Span.End);
        return Lines.Ends(list.Span, text)
            ? new(TextSpan.FromBounds(text.Lines.GetLineFromPosition(list.SpanStart).Start, line.EndIncludingLineBreak), "")
            : new(TextSpan.FromBounds(list.SpanStart, list.GetLastToken().GetNextToken().SpanStart), "");
    }

    private static AttributeListSyntax ListOf(AttributeSyntax layer) => (AttributeListSyntax)layer.Parent!;
}

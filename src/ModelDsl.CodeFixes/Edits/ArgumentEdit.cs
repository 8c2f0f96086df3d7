using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ModelDsl.CodeFixes.Edits;

/// <summary>Edits arguments of layers, in attributes and in calls.</summary>
internal static class ArgumentEdit
{
    /// <summary>Replaces an argument or attribute. An expression that is computed elsewhere is not replaced.</summary>
    public static IReadOnlyList<TextChange> Replace(SyntaxNode node, TextSpan span, string text) =>
        node.FirstAncestorOrSelf<AttributeSyntax>() is not null || Innermost(node) is LiteralExpressionSyntax or PrefixUnaryExpressionSyntax || IsNameOf(node)
            ? [new(span, text)]
            : [];

    /// <summary>Replaces all arguments of a <c>params</c> parameter: those of an attribute, or of the call at the location.</summary>
    public static IReadOnlyList<TextChange> ReplaceAll(SyntaxNode node, TextSpan span, string text)
    {
        if (node.FirstAncestorOrSelf<AttributeSyntax>() is not null) return [new(span, text)];
        return node is InvocationExpressionSyntax { ArgumentList: { Arguments.Count: > 0 } list } call && call.Span.End == span.End
            ? [new(list.Arguments.FullSpan, text)]
            : [new(span, text)];
    }

    /// <summary>Removes the arguments in the span from a list; the parentheses are removed with the last argument.</summary>
    public static IReadOnlyList<TextChange> Remove(SyntaxNode node, TextSpan span)
    {
        if (node.FirstAncestorOrSelf<AttributeSyntax>()?.ArgumentList is not { } list) return [];
        var kept = list.Arguments.Where(argument => !span.Contains(argument.Span)).ToList();
        if (kept.Count == 0) return [new(list.Span, "")];
        return [new(TextSpan.FromBounds(list.OpenParenToken.Span.End, list.CloseParenToken.SpanStart), string.Join(", ", kept))];
    }

    /// <summary>Keeps the last positional arguments of a list, and all named arguments.</summary>
    public static IReadOnlyList<TextChange> KeepLast(SyntaxNode list, int most)
    {
        IReadOnlyList<SyntaxNode> positional = list switch
        {
            AttributeArgumentListSyntax attribute => [.. attribute.Arguments.Where(argument => argument.NameEquals is null && argument.NameColon is null)],
            ArgumentListSyntax call => [.. call.Arguments.Where(argument => argument.NameColon is null)],
            _ => [],
        };
        var (all, extra) = (list.ChildNodes().ToList(), positional.Count - most);
        if (extra <= 0) return [];
        if (extra == all.Count) return [new(list is AttributeArgumentListSyntax ? list.Span : TextSpan.FromBounds(list.SpanStart + 1, list.Span.End - 1), "")];
        return [new(TextSpan.FromBounds(all[0].SpanStart, all[extra].SpanStart), "")];
    }

    private static SyntaxNode Innermost(SyntaxNode node) => node is ArgumentSyntax argument ? argument.Expression : node;

    private static bool IsNameOf(SyntaxNode node) =>
        Innermost(node) is InvocationExpressionSyntax { Expression: IdentifierNameSyntax name } && name.Identifier.Text == SyntaxFacts.GetText(SyntaxKind.NameOfKeyword);
}

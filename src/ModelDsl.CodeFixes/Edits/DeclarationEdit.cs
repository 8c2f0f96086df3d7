using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ModelDsl.CodeFixes.Edits;

/// <summary>Edits declarations of classes and methods.</summary>
internal static class DeclarationEdit
{
    /// <summary>Adds a modifier; <c>partial</c> must be the last before <c>class</c>.</summary>
    public static IReadOnlyList<TextChange> AddModifier(SyntaxNode node, string modifier)
    {
        switch (node.FirstAncestorOrSelf<MemberDeclarationSyntax>())
        {
            case TypeDeclarationSyntax type when !type.Modifiers.Any(existing => existing.Text == modifier):
                return [Lines.Insert(type.Keyword.SpanStart, modifier + " ")];
            case MethodDeclarationSyntax method when !method.Modifiers.Any(existing => existing.Text == modifier):
                return [Lines.Insert(method.ReturnType.SpanStart, modifier + " ")];
            default:
                return [];
        }
    }

    /// <param name="node">A node of the class.</param>
    /// <param name="text">The modifier, and the modifier after it, if there is one.</param>
    public static IReadOnlyList<TextChange> ReplaceModifier(SyntaxNode node, string text)
    {
        var words = text.Split(' ');
        var modifiers = node.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Modifiers ?? default;
        foreach (var modifier in modifiers)
        {
            if (modifier.Text != words[0]) continue;
            return [words.Length > 1 ? new(modifier.Span, words[1]) : new(TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart), "")];
        }

        return [];
    }

    /// <summary>Removes the base class; interfaces are kept.</summary>
    public static IReadOnlyList<TextChange> RemoveBase(SyntaxNode node)
    {
        if (node.FirstAncestorOrSelf<BaseListSyntax>() is not { } list) return [];
        return list.Types.Count > 1
            ? [new(TextSpan.FromBounds(list.Types[0].SpanStart, list.Types[1].SpanStart), "")]
            : [new(TextSpan.FromBounds(list.GetFirstToken().GetPreviousToken().Span.End, list.Span.End), "")];
    }

    /// <summary>Adds an attribute, on the line of the existing attributes if there are any.</summary>
    public static IReadOnlyList<TextChange> AddAttribute(SyntaxNode node, SourceText text, string attribute)
    {
        if (node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type) return [];
        if (type.AttributeLists.Count > 0) return [AttributeEdit.InsertBefore(type.AttributeLists[0].Attributes[0], text, attribute)];
        var start = type.GetFirstToken().SpanStart;
        return [Lines.Insert(start, $"[{attribute}]{Lines.Break(text)}{Lines.Indentation(start, text)}")];
    }
    /// <summary>Adds an argument to an attribute of a class.</summary>
    /// <param name="node">A node of the class.</param>
    /// <param name="text">The attribute with the argument, such as <c>Model(PredictionOnly = true)</c>.</param>
    public static IReadOnlyList<TextChange> AddOption(SyntaxNode node, string text)
    {
        var (open, close) = (text.IndexOf('('), text.LastIndexOf(')'));
        var (name, argument) = (text.Substring(0, open), text.Substring(open + 1, close - open - 1));
        var attributes = node.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.AttributeLists.SelectMany(list => list.Attributes) ?? [];
        if (attributes.FirstOrDefault(attribute => NameOf(attribute) == name || NameOf(attribute) == name + "Attribute") is not { } found) return [];
        return found.ArgumentList is { } list
            ? [Lines.Insert(list.CloseParenToken.SpanStart, list.Arguments.Count == 0 ? argument : ", " + argument)]
            : [Lines.Insert(found.Span.End, $"({argument})")];
    }

    private static string NameOf(AttributeSyntax attribute) => attribute.Name.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Last().Identifier.ValueText;
}

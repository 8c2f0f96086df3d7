using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.CodeFixes.Edits;

/// <summary>Converts a repair to text changes.</summary>
internal static class RepairEdit
{
    /// <summary>Returns the changes; none if the repair does not fit the form of the code.</summary>
    public static async Task<IReadOnlyList<TextChange>> Of(LocatedRepair repair, Document document, CancellationToken cancellation)
    {
        var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        if (root is null || Reaches(repair, text) is false) return [];
        var node = root.FindNode(repair.Location.Span, getInnermostNodeForTie: true);
        return repair.Kind switch
        {
            RepairKind.Replace => ArgumentEdit.Replace(node, repair.Location.Span, repair.Text),
            RepairKind.ReplaceArguments => ArgumentEdit.ReplaceAll(node, repair.Location.Span, repair.Text),
            RepairKind.RemoveArguments => ArgumentEdit.Remove(node, repair.Location.Span),
            RepairKind.InsertLeft or RepairKind.InsertRight => CallEdit.OnOperand(node, repair.Text, repair.Kind == RepairKind.InsertLeft),
            RepairKind.AddModifier => DeclarationEdit.AddModifier(node, repair.Text),
            RepairKind.ReplaceModifier => DeclarationEdit.ReplaceModifier(node, repair.Text),
            RepairKind.RemoveBase => DeclarationEdit.RemoveBase(node),
            RepairKind.AddAttribute => DeclarationEdit.AddAttribute(node, text, repair.Text),
            RepairKind.AddOption => DeclarationEdit.AddOption(node, repair.Text),
            _ => node.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute
                ? OnAttribute(repair, attribute, root, text)
                : CallEdit.Of(repair.Kind, node, repair.Text),
        };
    }

    private static IReadOnlyList<TextChange> OnAttribute(LocatedRepair repair, AttributeSyntax layer, SyntaxNode root, SourceText text)
    {
        switch (repair.Kind)
        {
            case RepairKind.InsertBefore:
                return [AttributeEdit.InsertBefore(layer, text, repair.Text)];
            case RepairKind.InsertAfter:
                return [AttributeEdit.InsertAfter(layer, text, repair.Text)];
            case RepairKind.Remove:
                return [AttributeEdit.Remove(layer, text)];
            case RepairKind.MoveBefore or RepairKind.MoveAfter when repair.Target is { } location && location.File == repair.Location.File:
                if (root.FindNode(location.Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<AttributeSyntax>() is not { } target) return [];
                var insertion = repair.Kind == RepairKind.MoveBefore
                    ? AttributeEdit.InsertBefore(target, text, layer.ToString())
                    : AttributeEdit.InsertAfter(target, text, layer.ToString());
                return [AttributeEdit.Remove(layer, text), insertion];
            default:
                return [];
        }
    }

    private static bool Reaches(LocatedRepair repair, SourceText text) =>
        repair.Location.Span.End <= text.Length && (repair.Target?.Span.End ?? 0) <= text.Length;
}

using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using ModelDsl.CodeFixes.Edits;

namespace ModelDsl.CodeFixes.Refactorings;

/// <summary>
/// Converts a list of layers to the same network as a <c>Forward</c> method. The names of weights do not change, so that files stay valid.
/// </summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(ForwardRefactoring))]
[Shared]
public sealed class ForwardRefactoring : CodeRefactoringProvider
{
    private const string Title = "Write the layers as a Forward method";

    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        var (document, cancellation) = (context.Document, context.CancellationToken);
        var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        var node = root?.FindNode(context.Span, getInnermostNodeForTie: true);
        if (node?.FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } type || !IsInHeader(context.Span, type)) return;

        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (model is null || ForwardLayers.Read(type, model, cancellation) is not { } layers) return;
        context.RegisterRefactoring(CodeAction.Create(Title, token => Apply(document, type, layers, token), nameof(ForwardRefactoring)));
    }

    /// <summary>Whether the location is in the attributes or the name of the class, and not in its body.</summary>
    private static bool IsInHeader(TextSpan span, ClassDeclarationSyntax type) =>
        type.OpenBraceToken.IsKind(SyntaxKind.None) || type.OpenBraceToken.IsMissing || span.End <= type.OpenBraceToken.SpanStart;

    private static async Task<Document> Apply(Document document, ClassDeclarationSyntax type, ForwardLayers layers, CancellationToken cancellation)
    {
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        var changes = new List<TextChange>();
        foreach (var list in type.AttributeLists)
        {
            var kept = list.Attributes.Where(attribute => !layers.Contains(attribute)).ToList();
            if (kept.Count == 0) changes.Add(AttributeEdit.RemoveList(list, text));
            else if (kept.Count < list.Attributes.Count) changes.Add(new(list.Attributes.Span, string.Join(", ", kept)));
        }

        var indentation = Lines.Indentation(type.SpanStart, text);
        var line = Lines.Break(text);
        var method = ForwardWriter.Write(layers, type).Select(written => written.Length == 0 ? "" : $"{indentation}    {written}");
        var body = string.Join(line, method);
        if (type.SemicolonToken.IsKind(SyntaxKind.SemicolonToken) && type.OpenBraceToken.IsKind(SyntaxKind.None))
        {
            changes.Add(new(type.SemicolonToken.Span, $"{line}{indentation}{{{line}{body}{line}{indentation}}}"));
        }
        else
        {
            changes.Add(Lines.Insert(type.OpenBraceToken.Span.End, $"{line}{body}{(type.Members.Count > 0 ? line : "")}"));
        }

        return document.WithText(text.WithChanges(changes));
    }
}

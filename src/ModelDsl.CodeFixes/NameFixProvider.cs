using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;
using ModelDsl.CodeFixes.Edits;
using ModelDsl.Generator.Vocabulary;

namespace ModelDsl.CodeFixes;

/// <summary>
/// Replaces names that do not exist: names of Keras and PyTorch, and misspelled names. It fixes errors of the C# compiler, so it works even if the analyzer reports nothing;
/// <see cref="OtherNames"/> has the meanings of names.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NameFixProvider))]
[Shared]
public sealed class NameFixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. UnknownName.Errors];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null) return;
        var seen = new HashSet<TextSpan>();
        foreach (var diagnostic in context.Diagnostics)
        {
            var at = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (UnknownName.Find(at, model, context.CancellationToken) is not { Advice.Name: { } name } unknown || !seen.Add(unknown.Span)) continue;
            context.RegisterCodeFix(
                CodeAction.Create($"Write {name}", cancellation => Apply(context.Document, unknown, name, cancellation), nameof(NameFixProvider)), diagnostic);
        }
    }

    private static async Task<Document> Apply(Document document, UnknownName unknown, string name, CancellationToken cancellation)
    {
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        IReadOnlyList<TextChange> arguments = unknown is { Arguments: { } list, Advice.Arguments: >= 0 and var most } ? ArgumentEdit.KeepLast(list, most) : [];
        return document.WithText(text.WithChanges([new TextChange(unknown.Span, name), .. arguments]));
    }
}

using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using ModelDsl.CodeFixes.Edits;
using ModelDsl.Generator.Diagnostics;

namespace ModelDsl.CodeFixes;

/// <summary>
/// Applies the suggestions of error messages. The compiler provides the kind and location of an edit (<see cref="LocatedRepair"/>); this class only
/// edits text, so a new suggestion needs no change here.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SuggestionFixProvider))]
[Shared]
public sealed class SuggestionFixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. Descriptors.All.Select(descriptor => descriptor.Id)];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            var ordinal = 0;
            foreach (var repair in LocatedRepair.Of(diagnostic))
            {
                // Fixes of the same suggestion for the same error are equivalent, even if their sizes and names differ.
                var key = $"{diagnostic.Id}.{ordinal++}.{repair.Kind}";
                if (Find(context.Document, repair.Location.File) is not { } document) continue;
                var changes = await RepairEdit.Of(repair, document, context.CancellationToken).ConfigureAwait(false);
                if (changes.Count == 0) continue;
                context.RegisterCodeFix(CodeAction.Create(repair.Title, cancellation => Apply(document, repair, cancellation), key), diagnostic);
            }
        }
    }

    private static async Task<Solution> Apply(Document document, LocatedRepair repair, CancellationToken cancellation)
    {
        var changes = await RepairEdit.Of(repair, document, cancellation).ConfigureAwait(false);
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        return document.WithText(text.WithChanges(changes)).Project.Solution;
    }

    /// <summary>Returns the document of a file: the current one, or another of its project that contains the block or class with the error.</summary>
    private static Document? Find(Document document, string file) => document.FilePath == file
        ? document
        : document.Project.Documents.FirstOrDefault(other => other.FilePath == file);
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>
/// Suppresses rules of other analyzers that do not know how models and blocks are used: a block is never instantiated, and a function is referenced only by its
/// name.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ModelSuppressor : DiagnosticSuppressor
{
    private static readonly Dictionary<string, SuppressionDescriptor> ByRule = new[]
    {
        new SuppressionDescriptor("MDSLS001", "IDE0051", "The member is used by the layers of the model or block."),
        new SuppressionDescriptor("MDSLS002", "CA1812", "A block is used as a type argument and never created."),
        new SuppressionDescriptor("MDSLS003", "CA1822", "The member is part of the declaration of a network."),
        new SuppressionDescriptor("MDSLS004", "CS9113", "The parameter is read by the layers of the block."),
    }.ToDictionary(descriptor => descriptor.SuppressedDiagnosticId);

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } = [.. ByRule.Values];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree) continue;
            var node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan);
            var model = context.GetSemanticModel(tree);
            var types = node.AncestorsAndSelf()
                .Select(ancestor => model.GetDeclaredSymbol(ancestor, context.CancellationToken))
                .OfType<INamedTypeSymbol>();
            if (types.FirstOrDefault() is { } type && (Symbols.IsModel(type) || Symbols.IsBlock(type)))
            {
                context.ReportSuppression(Suppression.Create(ByRule[diagnostic.Id], diagnostic));
            }
        }
    }
}

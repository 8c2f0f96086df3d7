using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Vocabulary;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>Finds names in a class that the C# compiler does not know, but that exist in another library.</summary>
internal static class UnknownNames
{
    public static IEnumerable<Diagnostic> Of(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        foreach (var declaration in Symbols.UserDeclarations(type))
        {
            var (tree, seen) = (declaration.SyntaxTree, new HashSet<TextSpan>());
#pragma warning disable RS1030 // Used only for a class that does not compile.
            var model = compilation.GetSemanticModel(tree);
#pragma warning restore RS1030
            foreach (var error in model.GetDiagnostics(declaration.Span, cancellation).Where(error => UnknownName.Errors.Contains(error.Id) || error.Id == OtherArguments.Error))
            {
                var at = tree.GetRoot(cancellation).FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true);
                if (error.Id == OtherArguments.Error)
                {
                    if (OtherArguments.Of(at, model, cancellation) is { } arguments && seen.Add(arguments.Location.SourceSpan)) yield return arguments;
                    continue;
                }

                if (UnknownName.Find(at, model, cancellation) is not { } unknown || !seen.Add(unknown.Span)) continue;
                yield return Diagnostic.Create(Descriptors.UnknownName, Location.Create(tree, unknown.Span), unknown.Name, unknown.Advice.Reason);
            }
        }
    }
}

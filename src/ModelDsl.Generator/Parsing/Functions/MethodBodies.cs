using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>Finds what a method does.</summary>
internal static class MethodBodies
{
    /// <summary>The body of a method of this project; null for one without or of another.</summary>
    public static IBlockOperation? Find(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        var syntax = (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
        if (syntax is null || !compilation.ContainsSyntaxTree(syntax.SyntaxTree)) return null;

#pragma warning disable RS1030 // Only the few bodies that belong to a network are bound, and calls lead into other files.
        var operation = compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellation);
#pragma warning restore RS1030
        return operation is IMethodBodyOperation body ? body.BlockBody ?? body.ExpressionBody : null;
    }
}

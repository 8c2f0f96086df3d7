using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>Finds the bodies of methods.</summary>
internal static class MethodBodies
{
    /// <summary>Returns the body of a method of this project; null if it has none or is in another project.</summary>
    public static IBlockOperation? Find(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        var syntax = (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
        if (syntax is null || !compilation.ContainsSyntaxTree(syntax.SyntaxTree)) return null;

#pragma warning disable RS1030 // Only the few bodies of a network are bound, and calls may be in other files.
        var operation = compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellation);
#pragma warning restore RS1030
        return operation is IMethodBodyOperation body ? body.BlockBody ?? body.ExpressionBody : null;
    }

    /// <summary>Returns the body of a method, or the initializer of a field.</summary>
    public static IOperation? Find(ISymbol symbol, Compilation compilation, CancellationToken cancellation)
    {
        if (symbol is IMethodSymbol method) return Find(method, compilation, cancellation);
        var syntax = symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
        if (syntax is not VariableDeclaratorSyntax { Initializer: { } initializer } || !compilation.ContainsSyntaxTree(syntax.SyntaxTree)) return null;
#pragma warning disable RS1030 // As above.
        var operation = compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(initializer, cancellation);
#pragma warning restore RS1030
        return operation is IFieldInitializerOperation field ? field.Value : operation;
    }
}

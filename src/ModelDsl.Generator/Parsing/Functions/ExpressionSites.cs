using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>
/// Identifies an expression by its method and its index among the method's nodes, and finds it again: edits outside the method change nothing.
/// </summary>
internal static class ExpressionSites
{
    public static Site? Of(IOperation at, Compilation compilation, CancellationToken cancellation)
    {
        var declaration = at.Syntax.FirstAncestorOrSelf<MethodDeclarationSyntax>();
        if (declaration is null) return null;
#pragma warning disable RS1030 // See BodyReader: only the bodies that an attribute refers to.
        var method = compilation.GetSemanticModel(declaration.SyntaxTree).GetDeclaredSymbol(declaration, cancellation);
#pragma warning restore RS1030
        if (method is null || DocumentationCommentId.CreateDeclarationId(method) is not { } id) return null;
        var ordinal = declaration.DescendantNodesAndSelf().TakeWhile(node => node != at.Syntax).Count();
        return Site.OfExpression(Symbols.KeyOf(method.ContainingType), id, ordinal);
    }

    /// <summary>Returns the location of a node in the declaration of a method or property.</summary>
    public static Site Of(ISymbol member, SyntaxNode? node)
    {
        var declaration = node?.Ancestors().FirstOrDefault(other => other is MethodDeclarationSyntax or PropertyDeclarationSyntax);
        var ordinal = declaration is null ? -1 : declaration.DescendantNodesAndSelf().TakeWhile(other => other != node).Count();
        return Site.OfExpression(Symbols.KeyOf(member.ContainingType), DocumentationCommentId.CreateDeclarationId(member) ?? "", ordinal);
    }

    public static SyntaxNode? Find(Site site, Compilation compilation)
    {
        var member = DocumentationCommentId.GetFirstSymbolForDeclarationId(site.Member, compilation);
        var declaration = ((member as IMethodSymbol)?.PartialImplementationPart ?? member)?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax();
        return declaration?.DescendantNodesAndSelf().ElementAtOrDefault(Math.Max(0, site.Index));
    }
}

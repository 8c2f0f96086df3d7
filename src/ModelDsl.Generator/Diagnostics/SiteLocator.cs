using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>
/// Finds the source location of a <see cref="Site"/>. It is a location in a syntax tree, so that pragmas apply to it.
/// </summary>
internal sealed class SiteLocator(Compilation compilation)
{
    public Location? Find(Site site)
    {
        if (site.Kind is SiteKind.Expression or SiteKind.Call) return ExpressionSites.Find(site, compilation) is { } node ? InBody(node, site) : null;
        if (compilation.Assembly.GetTypeByMetadataName(site.Type) is not { } type) return null;
        return site.Kind switch
        {
            SiteKind.BaseType => BaseType(type),
            SiteKind.Constructor => Constructor(type, site.Index),
            SiteKind.Member => Member(type, site.Index),
            SiteKind.ClassAttribute => type.GetAttributes().Where(attribute => Symbols.KindOf(attribute) == site.Member).ElementAtOrDefault(site.Index)?.ApplicationSyntaxReference?.GetSyntax().GetLocation(),
            SiteKind.Attribute or SiteKind.Argument or SiteKind.TypeArgument => InAttribute(type, site),
            _ => null,
        } ?? Name(type);
    }

    private static Location InBody(SyntaxNode node, Site site) =>
        site.Kind == SiteKind.Call && node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member }
            ? Location.Create(node.SyntaxTree, TextSpan.FromBounds(member.Name.SpanStart, node.Span.End))
            : site.Index < 0 && node is MethodDeclarationSyntax method ? method.Identifier.GetLocation()
            : node.GetLocation();

    private static Location? Name(INamedTypeSymbol type) => Declarations(type).FirstOrDefault()?.Identifier.GetLocation();

    private static Location? BaseType(INamedTypeSymbol type) =>
        Declarations(type).Select(declaration => declaration.BaseList).FirstOrDefault(list => list is not null)?.Types[0].GetLocation();

    private static Location? Constructor(INamedTypeSymbol type, int index) =>
        Symbols.UserDeclarations(TypeRules.UserConstructors(type)[index]).First().GetSyntax() switch
        {
            TypeDeclarationSyntax primary => primary.ParameterList?.GetLocation(),
            ConstructorDeclarationSyntax constructor => constructor.Identifier.GetLocation(),
            _ => null,
        };

    private static Location? Member(INamedTypeSymbol type, int index) =>
        MemberRules.UserMembers(type).ElementAtOrDefault(index) is { } member && Symbols.UserDeclarations(member).FirstOrDefault() is { } declaration
            ? member.Locations.FirstOrDefault(location => location.SourceTree == declaration.SyntaxTree)
            : null;

    private static Location? InAttribute(INamedTypeSymbol type, Site site)
    {
        var attributes = Symbols.LayerAttributes(type);
        if (site.Index >= attributes.Count) return null;
        var attribute = attributes[site.Index];
        if (attribute.ApplicationSyntaxReference?.GetSyntax() is not AttributeSyntax syntax) return null;
        return site.Kind switch
        {
            SiteKind.Argument => Argument(attribute, syntax, site.Member),
            SiteKind.TypeArgument => TypeArgument(syntax, site.Ordinal),
            _ => null,
        } ?? syntax.GetLocation();
    }

    private static Location? TypeArgument(AttributeSyntax syntax, int ordinal) =>
        syntax.Name.DescendantNodesAndSelf().OfType<TypeArgumentListSyntax>().FirstOrDefault()?
            .Arguments.ElementAtOrDefault(ordinal)?.GetLocation();

    /// <summary>Returns the location of an argument by name; of all arguments for a <c>params</c> parameter.</summary>
    private static Location? Argument(AttributeData attribute, AttributeSyntax syntax, string name)
    {
        if (syntax.ArgumentList is not { } list) return null;
        var named = list.Arguments.FirstOrDefault(argument => string.Equals(NameOf(argument), name, StringComparison.OrdinalIgnoreCase));
        if (named is not null) return named.Expression.GetLocation();

        var parameter = attribute.AttributeConstructor?.Parameters.FirstOrDefault(parameter => parameter.Name == name);
        if (parameter is null) return null;
        var positional = list.Arguments.Where(argument => NameOf(argument) is null).Skip(parameter.Ordinal).ToList();
        if (positional.Count == 0) return null;
        var last = parameter.IsParams ? positional[positional.Count - 1] : positional[0];
        return Location.Create(syntax.SyntaxTree, TextSpan.FromBounds(positional[0].SpanStart, last.Span.End));
    }

    private static string? NameOf(AttributeArgumentSyntax argument) =>
        (argument.NameEquals?.Name ?? argument.NameColon?.Name)?.Identifier.ValueText;

    private static IEnumerable<TypeDeclarationSyntax> Declarations(INamedTypeSymbol type) =>
        Symbols.UserDeclarations(type).Select(reference => reference.GetSyntax()).OfType<TypeDeclarationSyntax>();
}

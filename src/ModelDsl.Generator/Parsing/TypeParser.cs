using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing;

/// <summary>Reads what is needed to write the other part of a class.</summary>
internal static class TypeParser
{
    private static readonly SymbolDisplayFormat Qualified = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    public static TypeSpec Read(INamedTypeSymbol type)
    {
        var containers = new List<string>();
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            containers.Insert(0, $"partial {Keyword(outer)} {Escape(outer.Name)}");
        }

        var space = type.ContainingNamespace is { IsGlobalNamespace: false } named ? named.ToDisplayString(Qualified) : "";
        var modifiers = SyntaxFacts.GetText(type.DeclaredAccessibility) + (type.IsSealed ? " sealed" : "");
        var header = $"{modifiers} partial class {Escape(type.Name)}";
        return new(space, containers.ToEquatableArray(), header, type.Name, Symbols.KeyOf(type));
    }

    private static string Keyword(INamedTypeSymbol type) => type.TypeKind switch
    {
        TypeKind.Interface => "interface",
        TypeKind.Struct => type.IsRecord ? "record struct" : "struct",
        _ => type.IsRecord ? "record" : "class",
    };

    private static string Escape(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Emit;

namespace ModelDsl.Generator.Parsing;

/// <summary>Reads the data that is needed to write the other part of a class.</summary>
internal static class TypeParser
{
    public static TypeSpec Read(INamedTypeSymbol type)
    {
        var containers = new List<string>();
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            containers.Insert(0, $"partial {Keyword(outer)} {Identifiers.Escape(outer.Name)}");
        }

        var parts = new List<string>();
        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace) parts.Insert(0, Identifiers.Escape(space.Name));
        var modifiers = SyntaxFacts.GetText(type.DeclaredAccessibility) + (type.IsSealed ? " sealed" : "");
        var header = $"{modifiers} partial class {Identifiers.Escape(type.Name)}";
        var key = Symbols.KeyOf(type);
        return new(string.Join(".", parts), containers.ToEquatableArray(), header, type.Name, key)
        {
            Programs = ProgramSpaces.Of(type, key),
            SeesTypeCalledDynamic = SeesType(type, "dynamic"),
        };
    }

    /// <summary>Whether a class, its containing classes or one of its namespaces has a type with a name.</summary>
    private static bool SeesType(INamedTypeSymbol type, string name)
    {
        for (INamespaceOrTypeSymbol? scope = type; scope is not null; scope = (INamespaceOrTypeSymbol?)scope.ContainingType ?? scope.ContainingNamespace)
        {
            if ((scope.Name == name && scope is INamedTypeSymbol) || scope.GetTypeMembers(name).Length > 0) return true;
        }

        return false;
    }

    private static string Keyword(INamedTypeSymbol type) => type.TypeKind switch
    {
        TypeKind.Interface => "interface",
        TypeKind.Struct => type.IsRecord ? "record struct" : "struct",
        _ => type.IsRecord ? "record" : "class",
    };
}

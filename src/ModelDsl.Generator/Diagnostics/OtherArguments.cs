using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>Describes the arguments of a layer, for a call with as many arguments as in another library.</summary>
internal static class OtherArguments
{
    /// <summary>The error of the C# compiler that no constructor has this number of arguments.</summary>
    public const string Error = "CS1729";

    public static Diagnostic? Of(SyntaxNode at, SemanticModel model, CancellationToken cancellation)
    {
        if (at.FirstAncestorOrSelf<AttributeSyntax>() is not { ArgumentList: { } list } attribute) return null;
        if (model.GetTypeInfo(attribute, cancellation).Type is not INamedTypeSymbol { ContainingAssembly.Name: Symbols.AttributesAssembly, InstanceConstructors.Length: 1 } type) return null;
        var kind = type.Name.Replace("Attribute", "");
        var taken = type.InstanceConstructors[0].Parameters.Select(parameter => parameter.Name).ToList();
        var given = list.Arguments.Count(argument => argument.NameEquals is null);
        var sizes = given > taken.Count && taken.Count < 3 ? "; the size of its input is known from the layer before" : "";
        var named = Properties(type).ToList();
        return Diagnostic.Create(
            Descriptors.OtherArguments,
            list.GetLocation(),
            kind,
            taken.Count == 0 ? "no argument" : $"({string.Join(", ", taken)})",
            sizes,
            named.Count == 0 ? "" : $"; others are written by name, as in '{named[0]} = …': {string.Join(", ", named)}");
    }

    private static IEnumerable<string> Properties(INamedTypeSymbol? type)
    {
        for (; type is { ContainingAssembly.Name: Symbols.AttributesAssembly }; type = type.BaseType)
        {
            foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
            {
                if (property is { SetMethod.DeclaredAccessibility: Accessibility.Public }) yield return property.Name;
            }
        }
    }
}

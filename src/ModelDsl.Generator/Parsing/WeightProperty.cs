using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Parsing;

/// <summary>A partial property with [Weight], whose other part is generated so that C# accepts it. Its meaning is read with the network.</summary>
/// <param name="Type">The class of the property.</param>
/// <param name="Modifiers">The modifiers as written, which must be the same in both parts.</param>
/// <param name="Name">The name of the property.</param>
internal sealed record WeightProperty(TypeSpec Type, string Modifiers, string Name)
{
    /// <summary>Reads the property; null if no part can be generated, or if the C# compiler reports the declaration.</summary>
    public static WeightProperty? Read(IPropertySymbol property, PropertyDeclarationSyntax declaration)
    {
        var type = property.ContainingType;
        var isHalf = declaration.Modifiers.Any(SyntaxKind.PartialKeyword) && declaration is { ExpressionBody: null, ExplicitInterfaceSpecifier: null }
            && declaration.AccessorList?.Accessors.All(accessor => accessor is { Body: null, ExpressionBody: null, Modifiers.Count: 0 }) == true;
        return isHalf && ForwardMethods.IsTensor(property.Type) && property is { IsIndexer: false, SetMethod: null } && SyntaxFacts.IsValidIdentifier(property.Name)
            && TypeRules.CanBeCompleted(type) && IsFirst(property, declaration)
            ? new(TypeParser.Read(type), string.Join(" ", declaration.Modifiers.Select(modifier => modifier.Text)), property.Name)
            : null;
    }

    /// <summary>Whether a declaration gets the generated part. Several declarations are an error of the C# compiler; the first one gets it.</summary>
    private static bool IsFirst(IPropertySymbol property, PropertyDeclarationSyntax declaration) =>
        property.ContainingType.GetMembers(property.Name).OfType<IPropertySymbol>().SelectMany(Symbols.UserDeclarations).FirstOrDefault() is { } first
        && first.SyntaxTree == declaration.SyntaxTree && first.Span == declaration.Span;
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Parsing;

/// <summary>A partial property with [Weight], whose other half is generated so that C# accepts it; what it stands for is read with the network.</summary>
/// <param name="Type">The class it belongs to.</param>
/// <param name="Modifiers">Its modifiers as written, which both halves must have alike.</param>
/// <param name="Name">Its name.</param>
internal sealed record WeightProperty(TypeSpec Type, string Modifiers, string Name)
{
    /// <summary>Reads it; null where there is no half to generate, or the C# compiler reports the declaration.</summary>
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

    /// <summary>Of several declarations, which are an error of the C# compiler, one has a generated half.</summary>
    private static bool IsFirst(IPropertySymbol property, PropertyDeclarationSyntax declaration) =>
        property.ContainingType.GetMembers(property.Name).OfType<IPropertySymbol>().SelectMany(Symbols.UserDeclarations).FirstOrDefault() is { } first
        && first.SyntaxTree == declaration.SyntaxTree && first.Span == declaration.Span;
}

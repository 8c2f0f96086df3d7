using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.WeightFiles;

namespace ModelDsl.Generator.Parsing;

/// <summary>The names of the attributes, and properties of symbols that several passes need.</summary>
internal static class Symbols
{
    public const string Model = "ModelDsl.ModelAttribute";
    public const string Block = "ModelDsl.BlockAttribute";
    public const string Generates = "ModelDsl.GeneratesAttribute";
    public const string Weight = "ModelDsl.WeightAttribute";

    public const string AttributesAssembly = "ModelDsl.Attributes";
    private const string Suffix = "Attribute";
    private const string Recompute = "Recompute";

    /// <summary>Returns the layer attributes of a class, in source order. The index of a <see cref="Site"/> refers to this list.</summary>
    public static IReadOnlyList<AttributeData> LayerAttributes(INamedTypeSymbol type) => [.. type.GetAttributes().Where(IsLayer)];

    /// <summary>Whether an attribute of this library is not valid on a class, which is an error of the C# compiler.</summary>
    public static bool IsMisplaced(AttributeData attribute) => KindOf(attribute) is not (null or "Model" or "Block" or "Generates" or Recompute or WeightAttributes.Weights or WeightAttributes.FormerlyKnownAs) && !IsLayer(attribute);

    /// <summary>Whether an attribute of this library is valid on a class; some are valid on parameters and fields only.</summary>
    private static bool IsLayer(AttributeData attribute) =>
        KindOf(attribute) is { } kind and not ("Model" or "Block" or "Target" or "Label") && LayerTable.TryFind(kind) is not null;

    /// <summary>Whether an attribute of a class, of its members or of their parameters is unknown to the C# compiler.</summary>
    public static bool HasUnknownAttribute(INamedTypeSymbol type)
    {
        static bool IsUnknown(ISymbol symbol) => symbol.GetAttributes().Any(attribute => attribute.AttributeClass is null or { TypeKind: TypeKind.Error });
        return IsUnknown(type) || type.GetMembers().Any(member => IsUnknown(member) || (member is IMethodSymbol method && method.Parameters.Any(IsUnknown)));
    }

    public static bool IsModel(INamedTypeSymbol type) => type.GetAttributes().Any(attribute => KindOf(attribute) == "Model");

    public static bool IsBlock(INamedTypeSymbol type) => type.GetAttributes().Any(attribute => KindOf(attribute) == "Block");

    /// <summary>Whether a class or field has [Recompute].</summary>
    public static bool IsRecomputed(ISymbol symbol) => symbol.GetAttributes().Any(attribute => KindOf(attribute) == Recompute);

    /// <summary>Whether a layer is between input and loss and is not allowed together with a Forward method.</summary>
    public static bool IsInner(AttributeData attribute)
    {
        if (KindOf(attribute) == "Output") return true;
        for (var type = attribute.AttributeClass?.BaseType; type is not null; type = type.BaseType)
        {
            if (type.Name == "LayerAttribute") return KindOf(attribute) is not ("Input" or "TokenInput");
        }

        return false;
    }

    /// <summary>Returns the name of an attribute of this library without its suffix, or null for any other attribute.</summary>
    public static string? KindOf(AttributeData attribute) =>
        attribute.AttributeClass is { ContainingAssembly.Name: AttributesAssembly } type
            && type.Name.EndsWith(Suffix, StringComparison.Ordinal)
            ? type.Name.Substring(0, type.Name.Length - Suffix.Length)
            : null;

    /// <summary>Returns the fully qualified metadata name, such as <c>Company.Outer+Net</c>.</summary>
    public static string KeyOf(INamedTypeSymbol type)
    {
        if (type.ContainingType is { } container) return $"{KeyOf(container)}+{type.MetadataName}";
        var key = type.MetadataName;
        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            key = $"{space.Name}.{key}";
        }

        return key;
    }

    /// <summary>
    /// Returns the declarations of a symbol by the user, without generated declarations, which an analyzer sees and the generator does not.
    /// </summary>
    public static IEnumerable<SyntaxReference> UserDeclarations(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Where(reference => !IsGenerated(reference.SyntaxTree));

    private static bool IsGenerated(SyntaxTree tree) =>
        tree.FilePath.IndexOf(typeof(ModelGenerator).FullName, StringComparison.Ordinal) >= 0;
}

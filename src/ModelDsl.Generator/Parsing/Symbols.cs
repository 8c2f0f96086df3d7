using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Parsing;

/// <summary>The names by which the compiler knows the attributes, and what it asks of symbols in several places.</summary>
internal static class Symbols
{
    public const string Model = "ModelDsl.ModelAttribute";
    public const string Block = "ModelDsl.BlockAttribute";
    public const string Generates = "ModelDsl.GeneratesAttribute";
    public const string Weight = "ModelDsl.WeightAttribute";

    public const string AttributesAssembly = "ModelDsl.Attributes";
    private const string Suffix = "Attribute";

    /// <summary>The layer attributes of a class, in source order. A <see cref="Site"/> counts attributes in this list.</summary>
    public static IReadOnlyList<AttributeData> LayerAttributes(INamedTypeSymbol type) => [.. type.GetAttributes().Where(IsLayer)];

    /// <summary>Whether one of our attributes does not belong on a class, which is an error of the C# compiler.</summary>
    public static bool IsMisplaced(AttributeData attribute) => KindOf(attribute) is not (null or "Model" or "Block" or "Generates") && !IsLayer(attribute);

    /// <summary>Layers are those attributes of ours that may stand on a class; some are for parameters and fields alone.</summary>
    private static bool IsLayer(AttributeData attribute) =>
        KindOf(attribute) is { } kind and not ("Model" or "Block" or "Target" or "Label") && LayerTable.TryFind(kind) is not null;

    /// <summary>Whether an attribute of a class, of its members or of their parameters is not known to the C# compiler.</summary>
    public static bool HasUnknownAttribute(INamedTypeSymbol type)
    {
        static bool IsUnknown(ISymbol symbol) => symbol.GetAttributes().Any(attribute => attribute.AttributeClass is null or { TypeKind: TypeKind.Error });
        return IsUnknown(type) || type.GetMembers().Any(member => IsUnknown(member) || (member is IMethodSymbol method && method.Parameters.Any(IsUnknown)));
    }

    public static bool IsModel(INamedTypeSymbol type) => type.GetAttributes().Any(attribute => KindOf(attribute) == "Model");

    public static bool IsBlock(INamedTypeSymbol type) => type.GetAttributes().Any(attribute => KindOf(attribute) == "Block");

    /// <summary>Whether a layer stands between input and loss, where a Forward takes its place.</summary>
    public static bool IsInner(AttributeData attribute)
    {
        if (KindOf(attribute) == "Output") return true;
        for (var type = attribute.AttributeClass?.BaseType; type is not null; type = type.BaseType)
        {
            if (type.Name == "LayerAttribute") return KindOf(attribute) is not ("Input" or "TokenInput");
        }

        return false;
    }

    /// <summary>The name without suffix of one of our attributes, or null for any other.</summary>
    public static string? KindOf(AttributeData attribute) =>
        attribute.AttributeClass is { ContainingAssembly.Name: AttributesAssembly } type
            && type.Name.EndsWith(Suffix, StringComparison.Ordinal)
            ? type.Name.Substring(0, type.Name.Length - Suffix.Length)
            : null;

    /// <summary>The fully qualified metadata name, such as <c>Company.Outer+Net</c>.</summary>
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
    /// Where the user declares something: generated declarations, which an analyzer sees and the generator does not, are left out.
    /// </summary>
    public static IEnumerable<SyntaxReference> UserDeclarations(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Where(reference => !IsGenerated(reference.SyntaxTree));

    private static bool IsGenerated(SyntaxTree tree) =>
        tree.FilePath.IndexOf(typeof(ModelGenerator).FullName, StringComparison.Ordinal) >= 0;
}

using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.WeightFiles;

/// <summary>Reads [Weights] and [FormerlyKnownAs].</summary>
internal static class WeightAttributes
{
    /// <summary>The name of the attribute with the file.</summary>
    public const string Weights = "Weights";

    /// <summary>The name of the attribute with a former name.</summary>
    public const string FormerlyKnownAs = "FormerlyKnownAs";

    /// <summary>Returns the weights file of a model; null if it has none.</summary>
    public static WeightsSpec? Read(INamedTypeSymbol type)
    {
        var attribute = type.GetAttributes().FirstOrDefault(attribute => Symbols.KindOf(attribute) == Weights);
        return attribute is null || Text(attribute) is not { } file ? null : new(
            file, Text(attribute, "Prefix"), Text(attribute, "FilePrefix"), Flag(attribute, "AllowMissing"), Flag(attribute, "AllowUnexpected"), Site.OfClassAttribute(Symbols.KeyOf(type), Weights, 0));
    }

    /// <summary>Returns the former names in a model or block: those of the class, then those of its members.</summary>
    public static IEnumerable<FormerName> FormerNames(INamedTypeSymbol type)
    {
        var key = Symbols.KeyOf(type);
        var ofClass = Former(type).Select((attribute, number) => (Attribute: attribute, Now: Text(attribute, "Now"), Site: Site.OfClassAttribute(key, FormerlyKnownAs, number)));
        var ofMembers = MemberRules.UserMembers(type).SelectMany((member, number) =>
            Former(member).Select(attribute => (Attribute: attribute, Now: Text(attribute, "Now") is { Length: > 0 } now ? now : NameOf(member), Site: Site.OfMember(key, number))));
        return from name in ofClass.Concat(ofMembers)
               let former = Text(name.Attribute)
               where former is not null
               select new FormerName(former, name.Now, name.Site);
    }

    private static IEnumerable<AttributeData> Former(ISymbol symbol) => symbol.GetAttributes().Where(attribute => Symbols.KindOf(attribute) == FormerlyKnownAs);

    /// <summary>Returns the name that a field or property has in files.</summary>
    private static string NameOf(ISymbol member)
    {
        if (member is not IPropertySymbol) return member.Name.TrimStart('_');
        var weight = member.GetAttributes().FirstOrDefault(attribute => Symbols.KindOf(attribute) == "Weight");
        return weight is not null && Text(weight, "Name") is { Length: > 0 } name ? name : LayerNames.Camel(member.Name);
    }

    private static string? Text(AttributeData attribute) => attribute.ConstructorArguments.Length == 1 ? attribute.ConstructorArguments[0].Value as string : null;

    private static string Text(AttributeData attribute, string property) => Named(attribute, property) as string ?? "";

    private static bool Flag(AttributeData attribute, string property) => Named(attribute, property) is true;

    private static object? Named(AttributeData attribute, string property) => attribute.NamedArguments.FirstOrDefault(argument => argument.Key == property).Value is { Kind: TypedConstantKind.Primitive } value ? value.Value : null;
}

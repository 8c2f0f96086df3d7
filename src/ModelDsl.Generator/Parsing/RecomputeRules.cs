using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Diagnostics;

namespace ModelDsl.Generator.Parsing;

/// <summary>Finds [Recompute] where it has no effect.</summary>
internal static class RecomputeRules
{
    /// <summary>Returns the problems of a class that is not a block.</summary>
    public static IEnumerable<Problem> CheckClass(INamedTypeSymbol type)
    {
        if (!Symbols.IsRecomputed(type) || Symbols.IsBlock(type)) yield break;
        yield return Problem.At(
            Descriptors.RecomputeWithoutBlock.Id, Site.OfType(Symbols.KeyOf(type)), type.Name, Symbols.IsModel(type) ? "it is a model: its blocks can be computed again one after the other" : "it is not a block");
    }

    /// <summary>Returns the problems of the fields of a class.</summary>
    public static IEnumerable<Problem> CheckFields(INamedTypeSymbol type)
    {
        var members = MemberRules.UserMembers(type);
        for (var i = 0; i < members.Count; i++)
        {
            if (members[i] is not IFieldSymbol field || !Symbols.IsRecomputed(field) || LayerParser.WhyNotBlock(field.Type as INamedTypeSymbol) is null) continue;
            yield return Problem.At(Descriptors.RecomputeWithoutBlock.Id, Site.OfMember(Symbols.KeyOf(type), i), field.Name, "the field does not hold a block");
        }
    }
}

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
        // Most classes of a project are neither a model nor a block, and have no such field.
        if (!type.GetMembers().Any(member => member is IFieldSymbol && Symbols.IsRecomputed(member))) yield break;
        var isUsed = Symbols.IsModel(type) || Symbols.IsBlock(type);
        var members = MemberRules.UserMembers(type);
        for (var i = 0; i < members.Count; i++)
        {
            if (members[i] is not IFieldSymbol field || !Symbols.IsRecomputed(field)) continue;
            var reason = LayerParser.WhyNotBlock(field.Type as INamedTypeSymbol) is not null ? "the field does not hold a block"
                : isUsed ? null : $"{type.Name} is neither a model nor a block";
            if (reason is not null) yield return Problem.At(Descriptors.RecomputeWithoutBlock.Id, Site.OfMember(Symbols.KeyOf(type), i), field.Name, reason);
        }
    }
}

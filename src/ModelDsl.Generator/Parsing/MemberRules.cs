using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Emit.Model;

namespace ModelDsl.Generator.Parsing;

/// <summary>Finds members of a model that conflict with generated members.</summary>
internal static class MemberRules
{
    private static readonly SymbolDisplayFormat Full = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.ExpandNullable);

    /// <summary>Returns the errors in the members of a class.</summary>
    /// <param name="type">The class.</param>
    /// <param name="model">The model of the class.</param>
    public static IEnumerable<Problem> Check(INamedTypeSymbol type, ModelSpec model)
    {
        var key = model.Type.Key;
        var generated = GeneratedMembers.Of(model);
        if (generated.Any(member => member.Name == type.Name))
        {
            yield return Problem.At(Descriptors.NameTaken.Id, Site.OfType(key), type.Name, "the class itself has its name", type.Name);
        }

        var members = UserMembers(type);
        for (var i = 0; i < members.Count; i++)
        {
            var (member, site) = (members[i], Site.OfMember(key, i));
            if (generated.Any(other => other.Name == member.Name && Conflicts(member, other.Parameters)))
            {
                yield return Problem.At(Descriptors.NameTaken.Id, site, member.Name, $"the {Kind(member)} that '{type.Name}' declares has it too", type.Name);
            }

            if (member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true })
            {
                yield return Problem.At(Descriptors.RequiredMember.Id, site, type.Name, member.Name);
            }
        }
    }

    /// <summary>Returns the members that the user declares by name; the index of a <see cref="Site"/> refers to this list.</summary>
    public static IReadOnlyList<ISymbol> UserMembers(INamedTypeSymbol type) =>
    [
        .. type.GetMembers().Where(member => !member.IsImplicitlyDeclared && Symbols.UserDeclarations(member).Any()
            && member is IPropertySymbol or IFieldSymbol or IEventSymbol or INamedTypeSymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary }),
    ];

    /// <summary>Whether a member conflicts with a generated one. Methods may have the same name if their parameters differ.</summary>
    private static bool Conflicts(ISymbol member, string? parameters) =>
        member is not IMethodSymbol method || parameters is null
        || (!method.IsGenericMethod && string.Join(", ", method.Parameters.Select(parameter => parameter.Type.ToDisplayString(Full))) == parameters
            && method.Parameters.All(parameter => parameter.RefKind == RefKind.None));

    private static string Kind(ISymbol member) => member switch
    {
        IMethodSymbol => "method",
        IPropertySymbol => "property",
        IFieldSymbol => "field",
        IEventSymbol => "event",
        _ => "type",
    };
}

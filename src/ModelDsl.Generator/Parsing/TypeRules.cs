using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Parsing;

/// <summary>The conditions for the class of a model or block, so that the other part can be generated.</summary>
internal static class TypeRules
{
    public static IEnumerable<Problem> Check(INamedTypeSymbol type, string role)
    {
        var key = Symbols.KeyOf(type);
        var site = Site.OfType(key);
        var declared = Declaration(type, role, site).ToList();

        // A class that cannot have another part is one error, and its other errors are not reported.
        if (declared.Count > 0) return declared.Take(1);
        return Members(type, role, key).Concat(SeveralLayerLists(type, key));
    }

    private static IEnumerable<Problem> Declaration(INamedTypeSymbol type, string role, Site site)
    {
        var unsuitable = Descriptors.UnsuitableClass.Id;
        if (Kind(type) is { } kind)
        {
            var repair = type.IsRecord ? null : new Repair(RepairKind.ReplaceModifier, site, kind, $"Remove '{kind}'");
            yield return Problem.At(unsuitable, site, type.Name, kind, role, "an ordinary class").Suggest(repair);
        }

        if (Symbols.IsModel(type) && Symbols.IsBlock(type))
        {
            yield return Problem.At(unsuitable, site, type.Name, "both a [Model] and a [Block]", role, "one of the two");
        }

        if (FileLocal(type) is { } local)
        {
            var location = Site.OfType(Symbols.KeyOf(local));
            yield return Problem.At(Descriptors.FileLocalType.Id, location, local.Name).Suggest(new Repair(RepairKind.ReplaceModifier, location, "file internal", "Write 'internal'"));
        }

        if (IsGeneric(type)) yield return Problem.At(Descriptors.GenericType.Id, site, type.Name, role);
        if (!IsPartial(type)) yield return Problem.At(Descriptors.NotPartial.Id, site, type.Name, role).Suggest(MakePartial(site, type));
        if (role != "Model") yield break;

        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (IsPartial(outer)) continue;
            var container = Site.OfType(Symbols.KeyOf(outer));
            yield return Problem.At(Descriptors.ContainerNotPartial.Id, container, outer.Name, type.Name).Suggest(MakePartial(container, outer));
        }
    }

    private static Repair MakePartial(Site site, INamedTypeSymbol type) => new(RepairKind.AddModifier, site, "partial", $"Make '{type.Name}' partial");

    private static string? Kind(INamedTypeSymbol type) =>
        type.IsRecord ? "a record"
        : type.IsStatic ? "static"
        : type.IsAbstract ? "abstract"
        : null;

    /// <summary>Returns the class or the outermost containing class that is not visible in other files.</summary>
    private static INamedTypeSymbol? FileLocal(INamedTypeSymbol type) =>
        type.ContainingType is { } container && FileLocal(container) is { } outer ? outer : type.IsFileLocal ? type : null;

    /// <summary>
    /// Whether the declaration is valid C#, so that another part of the class can be written. While the user types, classes and containing
    /// classes may have no names yet, or invalid modifiers, which are errors of the C# compiler.
    /// </summary>
    public static bool IsWellFormed(INamedTypeSymbol type)
    {
        for (ISymbol part = type; part is not INamespaceSymbol { IsGlobalNamespace: true }; part = part.ContainingSymbol)
        {
            if (!SyntaxFacts.IsValidIdentifier(part.Name)) return false;
            if (part is INamedTypeSymbol { ContainingType: null, DeclaredAccessibility: not (Accessibility.Public or Accessibility.Internal) }) return false;
        }

        return true;
    }

    /// <summary>Whether another file can contain a part of the class.</summary>
    public static bool CanBeCompleted(INamedTypeSymbol type)
    {
        if (type is not { TypeKind: TypeKind.Class, IsRecord: false } || !IsWellFormed(type) || FileLocal(type) is not null || IsGeneric(type)) return false;
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (!IsPartial(outer)) return false;
        }

        return true;
    }

    private static bool IsGeneric(INamedTypeSymbol type) =>
        type.TypeParameters.Length > 0 || (type.ContainingType is { } container && IsGeneric(container));

    /// <summary>Whether a class is partial. If there are several declarations, the C# compiler reports a missing modifier.</summary>
    private static bool IsPartial(INamedTypeSymbol type) =>
        Symbols.UserDeclarations(type).Select(reference => reference.GetSyntax()).OfType<TypeDeclarationSyntax>()
            .All(declaration => declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static IEnumerable<Problem> Members(INamedTypeSymbol type, string role, string key)
    {
        if (type.BaseType is { SpecialType: not SpecialType.System_Object } ancestor && ancestor.ToDisplayString() != "ModelDsl.Model")
        {
            yield return ancestor.TypeKind == TypeKind.Error
                ? Problem.At(Problem.ReportedByCompiler, Site.OfBaseType(key))
                : Problem.At(Descriptors.BaseClass.Id, Site.OfBaseType(key), type.Name, ancestor.Name, role)
                    .Suggest(new Repair(RepairKind.RemoveBase, Site.OfBaseType(key), "", $"Remove ': {ancestor.Name}'"));
        }

        else if (type.BaseType is { SpecialType: SpecialType.System_Object } && NamesObject(type))
        {
            yield return Problem.At(Descriptors.BaseClass.Id, Site.OfBaseType(key), type.Name, "object", role)
                .Suggest(new Repair(RepairKind.RemoveBase, Site.OfBaseType(key), "", "Remove ': object'"));
        }

        var constructors = UserConstructors(type);
        for (var i = 0; i < constructors.Count; i++)
        {
            var isPrimary = IsPrimary(constructors[i]);
            if (role == "Block" && (!isPrimary || ForwardMethods.Find(type).Count > 0)) continue;
            yield return Problem.At(
                Descriptors.OwnConstructor.Id,
                Site.OfConstructor(key, i),
                type.Name,
                isPrimary ? "parameters" : "a constructor",
                role == "Block"
                    ? "a block that is a list of layers has none: remove them and write the sizes into the layers"
                    : "the constructors of a model are generated: remove it, and pass what it sets to a property or method");
            yield break;
        }
    }

    /// <summary>Whether a declaration names object as the base class, which conflicts with the generated base class.</summary>
    private static bool NamesObject(INamedTypeSymbol type) =>
        Symbols.UserDeclarations(type).Select(reference => reference.GetSyntax()).OfType<TypeDeclarationSyntax>()
            .Any(declaration => declaration.BaseList?.Types[0].Type.ToString() is "object" or "Object" or "System.Object" or "global::System.Object");

    /// <summary>Returns the constructors that the user declared; the index of a <see cref="Site"/> refers to this list.</summary>
    public static IReadOnlyList<IMethodSymbol> UserConstructors(INamedTypeSymbol type) =>
        [.. type.InstanceConstructors.Where(method => !method.IsImplicitlyDeclared && Symbols.UserDeclarations(method).Any())];

    private static bool IsPrimary(IMethodSymbol constructor) =>
        Symbols.UserDeclarations(constructor).First().GetSyntax() is TypeDeclarationSyntax;

    private static IEnumerable<Problem> SeveralLayerLists(INamedTypeSymbol type, string key)
    {
        var declarations = Symbols.UserDeclarations(type).ToList();
        if (declarations.Count < 2) yield break;
        var layers = Symbols.LayerAttributes(type);
        for (var i = 1; i < layers.Count; i++)
        {
            if (DeclarationOf(layers[i], declarations) == DeclarationOf(layers[0], declarations)) continue;
            yield return Problem.At(Descriptors.SeveralLayerLists.Id, Site.OfAttribute(key, i), type.Name).With(Site.OfAttribute(key, 0));
            yield break;
        }
    }

    private static int DeclarationOf(AttributeData attribute, List<SyntaxReference> declarations) =>
        declarations.FindIndex(declaration => attribute.ApplicationSyntaxReference is { } reference
            && reference.SyntaxTree == declaration.SyntaxTree && declaration.Span.Contains(reference.Span));
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>Which method of a class is its <c>Forward</c>, and whether its signature is one.</summary>
internal static class ForwardMethods
{
    private const string Forward = "Forward";
    private const string Training = "training";

    /// <summary>The methods called Forward that have to do with tensors; others are the user's own business.</summary>
    public static IReadOnlyList<IMethodSymbol> Find(INamedTypeSymbol type) =>
    [
        .. type.GetMembers(Forward).OfType<IMethodSymbol>().Where(method =>
            method.MethodKind == MethodKind.Ordinary
            && Symbols.UserDeclarations(method).Any()
            && (IsTensor(method.ReturnType) || method.Parameters.Any(parameter => IsTensor(parameter.Type)))),
    ];

    public static bool IsTensor(ITypeSymbol? type) =>
        type is { Name: "Tensor", ContainingAssembly.Name: Symbols.AttributesAssembly, ContainingType: null };

    public static IMethodSymbol? PrimaryConstructor(INamedTypeSymbol type) => type.InstanceConstructors.FirstOrDefault(constructor =>
        constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is TypeDeclarationSyntax);

    /// <summary>Whether the method is a Forward; false after reporting.</summary>
    public static bool Check(IMethodSymbol forward, string role, ICollection<Problem> problems)
    {
        var others = forward.Parameters.Where(parameter => !IsTensor(parameter.Type)).ToList();
        var fits = forward is { IsGenericMethod: false, RefKind: RefKind.None, IsAsync: false }
            && IsTensor(forward.ReturnType)
            && forward.Parameters.Length - others.Count == 1
            && others.Count <= 1 && others.TrueForAll(IsTraining)
            && forward.Parameters.All(parameter => parameter.RefKind == RefKind.None);
        if (!fits) Reject(forward, role, problems);
        return fits;
    }

    public static void Reject(IMethodSymbol forward, string role, ICollection<Problem> problems)
    {
        var name = ExpressionSites.Of(forward, null);
        var isUnclear = forward.ReturnType.TypeKind == TypeKind.Error || forward.Parameters.Any(parameter => parameter.Type.TypeKind == TypeKind.Error);
        problems.Add(isUnclear
            ? Problem.At(Problem.ReportedByCompiler, name)
            : Problem.At(Descriptors.ForwardSignature.Id, name, forward.ToDisplayString(Short), role));
    }

    private static readonly SymbolDisplayFormat Short = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType);

    public static bool IsTraining(IParameterSymbol parameter) =>
        parameter is { Type.SpecialType: SpecialType.System_Boolean, Name: Training };
}

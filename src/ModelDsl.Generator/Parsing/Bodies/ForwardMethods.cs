using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>Finds the <c>Forward</c> method of a class, and checks its signature.</summary>
internal static class ForwardMethods
{
    private const string Forward = "Forward";
    private const string Training = "training";

    /// <summary>Returns the methods with the name Forward that use tensors; others have no meaning for the compiler.</summary>
    public static IReadOnlyList<IMethodSymbol> Find(INamedTypeSymbol type) =>
    [
        .. type.GetMembers(Forward).OfType<IMethodSymbol>().Where(method =>
            method.MethodKind == MethodKind.Ordinary
            && Symbols.UserDeclarations(method).Any()
            && (IsTensor(method.ReturnType) || method.Parameters.Any(parameter => IsTensor(parameter.Type)))),
    ];

    /// <summary>Returns a method whose name differs from Forward only in case; null if there is none.</summary>
    public static IMethodSymbol? FindMisspelt(INamedTypeSymbol type) => type.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(method =>
        string.Equals(method.Name, Forward, StringComparison.OrdinalIgnoreCase) && method.Name != Forward && IsTensor(method.ReturnType) && Symbols.UserDeclarations(method).Any());

    public static bool IsTensor(ITypeSymbol? type) =>
        type is { Name: "Tensor", ContainingAssembly.Name: Symbols.AttributesAssembly, ContainingType: null };

    public static IMethodSymbol? PrimaryConstructor(INamedTypeSymbol type) => type.InstanceConstructors.FirstOrDefault(constructor =>
        constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is TypeDeclarationSyntax);

    /// <summary>The methods that are losses.</summary>
    public static IReadOnlyList<(IMethodSymbol Method, AttributeData Attribute)> Losses(INamedTypeSymbol type) =>
    [
        .. from method in type.GetMembers().OfType<IMethodSymbol>()
           where Symbols.UserDeclarations(method).Any()
           from attribute in method.GetAttributes().Where(attribute => Symbols.KindOf(attribute) == "Loss").Take(1)
           select (method, attribute),
    ];

    /// <summary>Whether the method is a Forward; false after reporting.</summary>
    public static bool Check(IMethodSymbol forward, string role, ICollection<Problem> problems)
    {
        var tensors = forward.Parameters.Count(parameter => IsTensor(parameter.Type));
        var fits = forward is { IsGenericMethod: false, RefKind: RefKind.None, IsAsync: false, IsExtern: false }
            && (IsTensor(forward.ReturnType) || (role == "Model" && OutputNames(forward).Count > 0))
            && tensors > 0
            && HasOnlyTensors(forward);
        if (!fits) Reject(forward, role, problems);
        return fits;
    }

    /// <summary>Whether all parameters are tensors, except for one <c>bool training</c>.</summary>
    public static bool HasOnlyTensors(IMethodSymbol method)
    {
        var others = method.Parameters.Where(parameter => !IsTensor(parameter.Type)).ToList();
        return others.Count <= 1 && others.TrueForAll(IsTraining) && method.Parameters.All(parameter => parameter.RefKind == RefKind.None);
    }

    /// <summary>Returns the names of the tensors in the tuple that a method returns; empty if it does not return a tuple of tensors.</summary>
    public static IReadOnlyList<string> OutputNames(IMethodSymbol forward) =>
        forward.ReturnType is INamedTypeSymbol { IsTupleType: true } tuple && tuple.TupleElements.All(element => IsTensor(element.Type))
            ? [.. tuple.TupleElements.Select((element, index) => element.IsExplicitlyNamedTupleElement ? element.Name : $"output{index + 1}")]
            : [];

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

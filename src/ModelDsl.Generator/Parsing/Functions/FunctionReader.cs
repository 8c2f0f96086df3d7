using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Vocabulary;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>Finds and reads the functions that the layer attributes of a class refer to.</summary>
internal sealed class FunctionReader(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
{
    /// <summary>Reads the function of an [Activation] or [Loss]; null after reporting.</summary>
    public FunctionSpec? Read(string name, LayerSpec layer, ICollection<Problem> problems)
    {
        var candidates = Candidates(name);
        if (candidates.Count > 0) return Read(candidates, layer, problems);

        var (site, parameters) = (layer.SiteOf("function"), Parameters(layer));
        var near = NearestTo(name, parameters.Length);
        problems.Add(Problem.At(Descriptors.FunctionNotFound.Id, site, name, type.Name, Suggestion(name, near, parameters))
            .Suggest(near is null ? null : Repair.Write(site, $"nameof({near})", $"Write nameof({near})")));
        return null;
    }

    /// <summary>Returns the problem of a loss on a class without a function.</summary>
    public Problem Missing(LayerSpec layer) => Problem.At(
        Descriptors.FunctionNotFound.Id, layer.Site, "", type.Name,
        $"write [Loss(nameof(F))] with 'private static float F({string.Join(", ", Parameters(layer).Select(parameter => $"float {parameter}"))})' in the class");

    /// <summary>Reads the first candidate that can be the function; null after reporting.</summary>
    public FunctionSpec? Read(List<IMethodSymbol> candidates, LayerSpec layer, ICollection<Problem> problems)
    {
        var (site, parameters) = (layer.SiteOf("function"), Parameters(layer));
        if (candidates.Find(method => Fits(method, parameters.Length)) is not { } function)
        {
            var other = candidates[0];
            problems.Add(Problem.At(
                Descriptors.FunctionSignature.Id, site, other.Name, Signature(other), layer.Kind, List(parameters), Hint(other)).Suggest(MakeStatic(other)));
            return null;
        }

        return Read(function, site, problems);
    }

    private static string[] Parameters(LayerSpec layer) => layer.Kind == "Loss" ? ["output", "target"] : ["x"];

    private FunctionSpec? Read(IMethodSymbol function, Site site, ICollection<Problem> problems)
    {
        var leaves = function.Parameters.Select(parameter => Expressions.Input(parameter.Ordinal)).ToList();
        var known = function.ContainingType is { Name: "MathF", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } ? MathFunctions.Find(function.Name, leaves) : null;
        if (known is null && function.DeclaringSyntaxReferences.Length == 0)
        {
            problems.Add(Problem.At(
                Descriptors.UnsupportedExpression.Id, site, $"'{function.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}'", "the body of the method is not in this project"));
            return null;
        }

        try
        {
            var body = known ?? new ScalarReader(compilation, cancellation).Read(function, leaves);
            if (ScalarGradient.Of(body, 0) is Constant { Value: 0 })
            {
                problems.Add(Problem.At(Descriptors.ZeroGradient.Id, site, function.Name, function.Parameters[0].Name));
            }

            return new(function.Name, function.Parameters.Length, body, site);
        }
        catch (ReadFailure failure)
        {
            var at = failure.At is null ? site : ExpressionSites.Of(failure.At, compilation, cancellation) ?? site;
            problems.Add(Problem.At(failure.Id, at, failure.Arguments).With(site));
            return null;
        }
    }

    private List<IMethodSymbol> Candidates(string name)
    {
        for (INamedTypeSymbol? scope = type; scope is not null; scope = scope.ContainingType)
        {
            var methods = scope.GetMembers(name).OfType<IMethodSymbol>().Where(method => method.MethodKind == MethodKind.Ordinary).ToList();
            if (methods.Count > 0) return methods;
        }

        return [];
    }

    private static bool Fits(IMethodSymbol method, int parameters) =>
        method is { IsStatic: true, IsGenericMethod: false, IsExtern: false, IsAbstract: false }
        && method is { ReturnType.SpecialType: SpecialType.System_Single, RefKind: RefKind.None }
        && method.Parameters.Length == parameters
        && method.Parameters.All(parameter => parameter is { Type.SpecialType: SpecialType.System_Single, RefKind: RefKind.None });

    /// <summary>Returns the valid name that is most similar to the given one.</summary>
    private string? NearestTo(string name, int parameters) =>
        type.GetMembers().OfType<IMethodSymbol>()
            .Where(method => method.MethodKind == MethodKind.Ordinary && Fits(method, parameters))
            .OrderBy(method => Spelling.Distance(method.Name, name))
            .FirstOrDefault()?.Name;

    private static Repair? MakeStatic(IMethodSymbol method) => method.IsStatic || !Symbols.UserDeclarations(method).Any()
        ? null
        : new(RepairKind.AddModifier, ExpressionSites.Of(method, null), "static", $"Make '{method.Name}' static");

    private string Suggestion(string name, string? near, string[] parameters)
    {
        // Keras has activations with these names.
        if (parameters.Length == 1 && NameAdvice.Activation(name) is { } layer) return $"did you mean the layer {layer} instead of Activation?";
        if (near is not null) return $"did you mean '{near}'?";

        var declaration = $"private static float {(name.Length > 0 ? name : "F")}({List(parameters)})";
        return $"declare '{declaration}' in '{type.Name}', and let it call functions of other classes";
    }

    private static string Hint(IMethodSymbol method) =>
        !method.IsStatic ? "; make it static"
        : method.IsGenericMethod ? "; remove the type parameters"
        : method.Parameters.Any(parameter => parameter.Type.SpecialType == SpecialType.System_Double)
            || method.ReturnType.SpecialType == SpecialType.System_Double ? "; write float instead of double"
        : "";

    private static string Signature(IMethodSymbol method)
    {
        var parameters = string.Join(", ", method.Parameters.Select(parameter => $"{Text(parameter.Type)} {parameter.Name}"));
        return $"{(method.IsStatic ? "static " : "")}{Text(method.ReturnType)} {method.Name}({parameters})";
    }

    private static string Text(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    private static string List(string[] parameters) => string.Join(", ", parameters.Select(parameter => $"float {parameter}"));
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.CodeFixes.Refactorings;

/// <summary>One layer of a list, with its arguments as written.</summary>
/// <param name="Kind">The attribute's name without its suffix.</param>
/// <param name="Positional">The arguments of its constructor.</param>
/// <param name="Named">The values of its properties, with the names of parameters: <c>useBias: false</c>.</param>
/// <param name="Blocks">The blocks of its type arguments.</param>
/// <param name="IsConcat">Whether the results of parallel branches are concatenated.</param>
internal sealed record LayerUse(
    string Kind, IReadOnlyList<string> Positional, IReadOnlyList<(string Name, string Value)> Named, IReadOnlyList<string> Blocks, bool IsConcat)
{
    private const string Name = "name";

    /// <summary>The name from the user, as an expression.</summary>
    public string? GivenName => Named.Where(argument => argument.Name == Name).Select(argument => argument.Value).FirstOrDefault();

    /// <summary>The layer as a call of a Tensor method: <c>Dense(8, useBias: false)</c>.</summary>
    public string Call => $"{Kind}({string.Join(", ", [.. Positional, .. Named.Select(argument => $"{argument.Name}: {argument.Value}")])})";

    /// <summary>Reads a layer; null if it has no equivalent method of Tensor, block or operator.</summary>
    public static LayerUse? Read(AttributeData attribute, AttributeSyntax syntax, Compilation compilation)
    {
        var arguments = syntax.ArgumentList?.Arguments.ToList() ?? [];
        if (syntax.Name is not SimpleNameSyntax || arguments.Any(argument => argument.NameColon is not null)) return null;
        var use = new LayerUse(
            Symbols.KindOf(attribute)!,
            [.. arguments.Where(argument => argument.NameEquals is null).Select(argument => argument.ToString())],
            [.. arguments.Where(argument => argument.NameEquals is not null).Select(Property)],
            [.. syntax.Name.DescendantNodesAndSelf().OfType<TypeArgumentListSyntax>().SelectMany(list => list.Arguments).Select(type => type.ToString())],
            attribute.ConstructorArguments.Any(given => given is { Kind: TypedConstantKind.Enum, Type.Name: "Merge", Value: 1 }));
        return use.IsComposite || use.HasFluentMethod(compilation) ? use : null;
    }

    /// <summary>Whether it is composed of blocks, which are objects in a Forward method. Its only property is the name.</summary>
    private bool IsComposite => Kind is "Apply" or "Repeat" or "Residual" or "Parallel" && Named.All(argument => argument.Name == Name);

    private bool HasFluentMethod(Compilation compilation) =>
        compilation.GetTypeByMetadataName("ModelDsl.Tensor") is { } tensor
        && tensor.GetMembers(Kind).OfType<IMethodSymbol>().Any(method =>
            SymbolEqualityComparer.Default.Equals(method.ReturnType, tensor)
            && Named.All(argument => method.Parameters.Any(parameter => parameter.Name == argument.Name)));

    private static (string Name, string Value) Property(AttributeArgumentSyntax argument)
    {
        var name = argument.NameEquals!.Name.Identifier.ValueText;
        return (char.ToLowerInvariant(name[0]) + name.Substring(1), argument.Expression.ToString());
    }
}

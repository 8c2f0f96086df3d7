using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.CodeFixes.Refactorings;

/// <summary>One layer of a list, with its arguments as they are written.</summary>
/// <param name="Kind">The attribute's name without its suffix.</param>
/// <param name="Positional">What its constructor is given.</param>
/// <param name="Named">What its properties are given, under the names of parameters: <c>useBias: false</c>.</param>
/// <param name="Blocks">The blocks it names.</param>
/// <param name="IsConcat">Whether parallel branches are set side by side.</param>
internal sealed record LayerUse(
    string Kind, IReadOnlyList<string> Positional, IReadOnlyList<(string Name, string Value)> Named, IReadOnlyList<string> Blocks, bool IsConcat)
{
    private const string Name = "name";

    /// <summary>The name it is given, as an expression.</summary>
    public string? GivenName => Named.Where(argument => argument.Name == Name).Select(argument => argument.Value).FirstOrDefault();

    /// <summary>The layer as a method of Tensor gets it: <c>Dense(8, useBias: false)</c>.</summary>
    public string Call => $"{Kind}({string.Join(", ", [.. Positional, .. Named.Select(argument => $"{argument.Name}: {argument.Value}")])})";

    /// <summary>Reads a layer; null for one that no method of Tensor, block or operator can say.</summary>
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

    /// <summary>Whether it is made of blocks, which are objects in a Forward. Their only property is the name.</summary>
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

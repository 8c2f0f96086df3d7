using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing;

/// <summary>Reads one layer attribute: its kind, its arguments under their names, the blocks it names.</summary>
internal sealed class LayerParser(INamedTypeSymbol type, FunctionReader functions, ICollection<Problem> problems)
{
    private const string BlockArguments = "arguments";
    private const string Function = "function";
    private const string Name = "name";

    private readonly string key = Symbols.KeyOf(type);

    public LayerSpec Read(AttributeData attribute, int index)
    {
        var kind = Symbols.KindOf(attribute)!;
        var layer = new LayerSpec(kind, EquatableArray<ArgumentSpec>.Empty, EquatableArray<string>.Empty, Site.OfAttribute(key, index));
        return layer with { Arguments = Arguments(attribute, layer).ToEquatableArray(), Blocks = Blocks(attribute, layer).ToEquatableArray() };
    }

    /// <summary>The classes given as type arguments that are blocks.</summary>
    public static IEnumerable<(INamedTypeSymbol Type, int Ordinal)> BlocksOf(AttributeData attribute) => attribute.AttributeClass!.TypeArguments
        .Select((argument, ordinal) => (Type: (argument as INamedTypeSymbol)!, Ordinal: ordinal))
        .Where(argument => WhyNotBlock(argument.Type) is null);

    private IEnumerable<ArgumentSpec> Arguments(AttributeData attribute, LayerSpec layer)
    {
        if (attribute.AttributeConstructor is not { } constructor)
        {
            problems.Add(Problem.At(Problem.ReportedByCompiler, layer.Site));
            yield break;
        }

        var positional = constructor.Parameters.Zip(attribute.ConstructorArguments, (parameter, value) => (parameter.Name, value));
        var optional = attribute.NamedArguments.Select(argument => (Name: char.ToLowerInvariant(argument.Key[0]) + argument.Key.Substring(1), argument.Value));
        foreach (var (name, constant) in positional.Concat(optional))
        {
            if (ValueOf(constant, name, layer) is { } value) yield return new(name, value);
        }
    }

    /// <summary>The value of an argument, or null where there is none or a problem has been noted.</summary>
    private object? ValueOf(TypedConstant constant, string name, LayerSpec layer)
    {
        switch (constant.Kind)
        {
            case TypedConstantKind.Error:
                problems.Add(Problem.At(Problem.ReportedByCompiler, layer.SiteOf(name)));
                return null;

            case TypedConstantKind.Array when name == BlockArguments:
                var count = constant.IsNull ? 0 : constant.Values.Length;
                if (count > 0) problems.Add(UnexpectedArguments(layer, count));
                return null;

            case TypedConstantKind.Array:
                return new EquatableArray<int>(constant.IsNull ? [] : [.. constant.Values.Select(item => (int)item.Value!)]);

            case TypedConstantKind.Enum:
                return MemberOf(constant, name, layer);

            case TypedConstantKind.Primitive when name == Function && constant.Value is string or null:
                return functions.Read((string?)constant.Value ?? "", layer, problems);

            case TypedConstantKind.Primitive when name == Name && constant.Value is string given:
                return IsUsable(given, layer) ? given : null;

            default:
                return constant.Value;
        }
    }

    /// <summary>An empty name is none.</summary>
    private bool IsUsable(string given, LayerSpec layer)
    {
        if (given.Length == 0 || SyntaxFacts.IsValidIdentifier(given)) return given.Length > 0;
        problems.Add(Problem.At(Descriptors.InvalidName.Id, layer.SiteOf(Name), given, "use letters, digits and underscores, beginning with a letter"));
        return false;
    }

    private string? MemberOf(TypedConstant constant, string name, LayerSpec layer)
    {
        var fields = constant.Type!.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue).ToList();
        if (fields.Find(field => Equals(field.ConstantValue, constant.Value)) is { } member) return member.Name;

        var members = string.Join(", ", fields.Select(field => $"{constant.Type.Name}.{field.Name}"));
        problems.Add(Problem.At(Descriptors.ArgumentOutOfRange.Id, layer.SiteOf(name), name, layer.Kind, constant.Value!.ToString(), $"one of {members}"));
        return null;
    }

    private static Problem UnexpectedArguments(LayerSpec layer, int count) => Problem.At(
        Descriptors.BlockArguments.Id,
        layer.SiteOf(BlockArguments),
        layer.Kind,
        count == 1 ? "one" : count.ToString(System.Globalization.CultureInfo.InvariantCulture),
        count == 1 ? "it" : "them");

    /// <summary>The keys of the blocks; an empty one where there is none, so that the others keep their place.</summary>
    private IEnumerable<string> Blocks(AttributeData attribute, LayerSpec layer)
    {
        var arguments = attribute.AttributeClass!.TypeArguments;
        for (var i = 0; i < arguments.Length; i++)
        {
            var block = arguments[i] as INamedTypeSymbol;
            var reason = WhyNotBlock(block);
            yield return reason is null ? Symbols.KeyOf(block!) : "";
            if (reason is null) continue;
            problems.Add(arguments[i].TypeKind == TypeKind.Error
                ? Problem.At(Problem.ReportedByCompiler, layer.SiteOfBlock(i))
                : Problem.At(Descriptors.NotABlock.Id, layer.SiteOfBlock(i), arguments[i].ToDisplayString(), reason));
        }
    }

    private static string? WhyNotBlock(INamedTypeSymbol? type)
    {
        if (type is null) return "only a class with [Block] can stand here";
        if (type.TypeKind == TypeKind.Error) return "it cannot be found";
        if (Symbols.IsBlock(type)) return Symbols.UserDeclarations(type).Any() ? null : "its source is in another project, and blocks are read from source";
        return Symbols.IsModel(type) ? "it is a model of its own: mark the layers to share with [Block]" : "put [Block] on it, or name a class that has it";
    }
}

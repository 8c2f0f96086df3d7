using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing;

/// <summary>Reads one layer attribute: its kind, its named arguments, and its blocks.</summary>
internal sealed class LayerParser(INamedTypeSymbol type, FunctionReader functions, ICollection<Problem> problems)
{
    private readonly string key = Symbols.KeyOf(type);
    private readonly ArgumentParser arguments = new(functions, problems);

    public LayerSpec Read(AttributeData attribute, int index) => Read(attribute, Site.OfAttribute(key, index));

    public LayerSpec Read(AttributeData attribute, Site site)
    {
        var kind = Symbols.KindOf(attribute)!;
        var layer = new LayerSpec(kind, EquatableArray<ArgumentSpec>.Empty, EquatableArray<string>.Empty, site);
        return layer with
        {
            Arguments = arguments.Read(attribute, layer).ToEquatableArray(),
            Blocks = Blocks(attribute, layer).ToEquatableArray(),
        };
    }

    /// <summary>Returns the type arguments that are blocks.</summary>
    public static IEnumerable<(INamedTypeSymbol Type, int Ordinal)> BlocksOf(AttributeData attribute) =>
        attribute.AttributeClass!.TypeArguments
            .Select((argument, ordinal) => (Type: (argument as INamedTypeSymbol)!, Ordinal: ordinal))
            .Where(argument => WhyNotBlock(argument.Type) is null);

    /// <summary>Returns the keys of the blocks; an empty key for a class that is not a block, so that the others keep their index.</summary>
    private IEnumerable<string> Blocks(AttributeData attribute, LayerSpec layer)
    {
        var types = attribute.AttributeClass!.TypeArguments;
        for (var i = 0; i < types.Length; i++)
        {
            var block = types[i] as INamedTypeSymbol;
            var reason = WhyNotBlock(block);
            yield return reason is null ? Symbols.KeyOf(block!) : "";
            if (reason is null) continue;
            problems.Add(types[i].TypeKind == TypeKind.Error
                ? Problem.At(Problem.ReportedByCompiler, layer.SiteOfBlock(i))
                : Problem.At(Descriptors.NotABlock.Id, layer.SiteOfBlock(i), types[i].ToDisplayString(), reason).Suggest(MakeBlock(block)));
        }
    }

    /// <summary>Suggests [Block] on a class of this project that could be a block.</summary>
    private static Repair? MakeBlock(INamedTypeSymbol? type) =>
        type is { TypeKind: TypeKind.Class } && !Symbols.IsModel(type) && Symbols.UserDeclarations(type).Any()
            ? Repair.AddAttribute(Site.OfType(Symbols.KeyOf(type)), "Block", type.Name)
            : null;

    public static string? WhyNotBlock(INamedTypeSymbol? type)
    {
        if (type is null) return "only a class with [Block] can stand here";
        if (type.TypeKind == TypeKind.Error) return "it cannot be found";
        if (Symbols.IsBlock(type))
        {
            return Symbols.UserDeclarations(type).Any() ? null : "its source is in another project, and blocks are read from source";
        }

        return Symbols.IsModel(type)
            ? "it is a model of its own: mark the layers to share with [Block]"
            : "put [Block] on it, or name a class that has it";
    }
}

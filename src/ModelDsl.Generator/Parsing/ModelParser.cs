using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing;

/// <summary>
/// Reads a model or block from its symbols into a spec. It runs for every model on every keystroke: only attributes are read, and the
/// bodies of functions that an attribute names.
/// </summary>
internal sealed class ModelParser
{
    private readonly List<Problem> problems = [];
    private readonly Compilation compilation;
    private readonly CancellationToken cancellation;

    private ModelParser(Compilation compilation, CancellationToken cancellation)
    {
        this.compilation = compilation;
        this.cancellation = cancellation;
    }

    public static ModelSpec ReadModel(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation) =>
        Guarded(type, () => new ModelParser(compilation, cancellation).Model(type));

    /// <summary>
    /// A block nobody may use, as a model without input and loss: for the analyzer, which reports its mistakes all the same.
    /// </summary>
    public static ModelSpec ReadBlock(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation) =>
        Guarded(type, () => new ModelParser(compilation, cancellation).LoneBlock(type));

    private static ModelSpec Guarded(INamedTypeSymbol type, Func<ModelSpec> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var spec = TypeParser.Read(type);
            var problem = Problem.At(Descriptors.InternalError.Id, Site.OfType(spec.Key), spec.Name, exception.Message);
            return new(spec, EquatableArray<LayerSpec>.Empty, EquatableArray<BlockSpec>.Empty, EquatableArray.Of(problem));
        }
    }

    private ModelSpec Model(INamedTypeSymbol type)
    {
        problems.AddRange(TypeRules.Check(type, "Model"));
        var spec = TypeParser.Read(type);
        var layers = Layers(type);
        var blocks = new BlockCollector(Block, problems);
        blocks.Visit(type);
        return new(spec, layers.ToEquatableArray(), blocks.Found, problems.ToEquatableArray());
    }

    private ModelSpec LoneBlock(INamedTypeSymbol type)
    {
        var blocks = new BlockCollector(Block, problems);
        blocks.Enter(type);
        return new(TypeParser.Read(type), EquatableArray<LayerSpec>.Empty, blocks.Found, problems.ToEquatableArray());
    }

    private BlockSpec Block(INamedTypeSymbol type)
    {
        problems.AddRange(TypeRules.Check(type, "Block"));
        return new(Symbols.KeyOf(type), type.Name, Layers(type).ToEquatableArray());
    }

    private List<LayerSpec> Layers(INamedTypeSymbol type)
    {
        // A misspelt attribute is an error of the C# compiler; what is missing without it follows from that.
        if (type.GetAttributes().Any(attribute => attribute.AttributeClass is not { TypeKind: not TypeKind.Error }))
        {
            problems.Add(Problem.At(Problem.ReportedByCompiler, Site.OfType(Symbols.KeyOf(type))));
        }

        var parser = new LayerParser(type, new FunctionReader(type, compilation, cancellation), problems);
        return [.. Symbols.LayerAttributes(type).Select(parser.Read)];
    }
}

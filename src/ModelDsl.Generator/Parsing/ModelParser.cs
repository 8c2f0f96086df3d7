using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Parsing;

/// <summary>
/// Reads a model or block from its symbols into a spec. It runs for every model on every keystroke: only attributes are read, and the
/// bodies of Forward methods and of functions that a layer names.
/// </summary>
internal sealed class ModelParser
{
    private readonly List<Problem> problems = [];
    private readonly BodyParser bodies;

    private ModelParser(Compilation compilation, CancellationToken cancellation) => bodies = new(compilation, problems, cancellation);

    public static ModelSpec ReadModel(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation) =>
        Guarded(type, () => new ModelParser(compilation, cancellation).Model(type));

    /// <summary>
    /// A block nobody may use, as a model without input and loss: for the analyzer, which reports its mistakes all the same.
    /// </summary>
    public static ModelSpec ReadBlock(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation) =>
        Guarded(type, () => new ModelParser(compilation, cancellation).LoneBlock(type));

    private static ModelSpec Guarded(INamedTypeSymbol type, Func<ModelSpec> read) => Guard.Try(read, exception => Unreadable(type, exception))!;

    /// <summary>What stands for a class at which reading has failed.</summary>
    public static ModelSpec Unreadable(INamedTypeSymbol type, Exception exception)
    {
        var spec = Guard.Try(() => TypeParser.Read(type)) ?? new TypeSpec("", EquatableArray<string>.Empty, "", type.Name, type.MetadataName);
        return new(spec, EquatableArray<LayerSpec>.Empty, EquatableArray<BlockSpec>.Empty, EquatableArray.Of(ModelCompiler.Crash(spec, exception)));
    }

    private ModelSpec Model(INamedTypeSymbol type)
    {
        problems.AddRange(TypeRules.Check(type, "Model"));
        var spec = TypeParser.Read(type);
        var body = bodies.Read(type, "Model");
        var blocks = new BlockCollector(Block, problems);
        foreach (var use in body.Uses) blocks.Enter(use.Type);
        var model = new ModelSpec(spec, body.Layers.ToEquatableArray(), blocks.Found, EquatableArray<Problem>.Empty)
        {
            Forward = body.Forward,
            UsesTf32 = UsesTf32(type),
            Generates = type.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == Symbols.Generates),
            OwnMembers = OwnMembers(type).ToEquatableArray(),
        };
        problems.AddRange(MemberRules.Check(type, model));
        return model with { Problems = problems.ToEquatableArray() };
    }

    /// <summary>An example, and predictions of named outputs, give way to members of the user's.</summary>
    private static IEnumerable<string> OwnMembers(INamedTypeSymbol type) => type.GetMembers()
        .Where(member => (member.Name == "Example" || member.Name.StartsWith("Predict", StringComparison.Ordinal)) && Symbols.UserDeclarations(member).Any())
        .Select(member => member.Name).Distinct().OrderBy(name => name, StringComparer.Ordinal);

    /// <summary>By the name of the value: numbers of enumerations are the attribute's own matter.</summary>
    private static bool UsesTf32(INamedTypeSymbol type) => type.GetAttributes()
        .Where(attribute => attribute.AttributeClass?.ToDisplayString() == Symbols.Model)
        .SelectMany(attribute => attribute.NamedArguments)
        .Any(argument => argument.Key == "Precision" && argument.Value is { Type: INamedTypeSymbol precision } value
            && precision.GetMembers("Tf32").OfType<IFieldSymbol>().Any(field => Equals(field.ConstantValue, value.Value)));

    private ModelSpec LoneBlock(INamedTypeSymbol type)
    {
        var blocks = new BlockCollector(Block, problems);
        blocks.Enter(type);
        return new(TypeParser.Read(type), EquatableArray<LayerSpec>.Empty, blocks.Found, problems.ToEquatableArray());
    }

    private (BlockSpec Block, IReadOnlyList<BlockUse> Uses) Block(INamedTypeSymbol type)
    {
        problems.AddRange(TypeRules.Check(type, "Block"));
        var body = bodies.Read(type, "Block");
        return (new(Symbols.KeyOf(type), type.Name, body.Layers.ToEquatableArray()) { Forward = body.Forward }, body.Uses);
    }
}

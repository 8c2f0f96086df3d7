using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Bodies;
using ModelDsl.Generator.WeightFiles;

namespace ModelDsl.Generator.Parsing;

/// <summary>
/// Reads a model or block from its symbols into a spec. It runs for every model on every keystroke, so it reads only attributes and the
/// bodies of Forward methods and of functions that layers use.
/// </summary>
internal sealed class ModelParser
{
    /// <summary>The option of [Model] for a model without a loss.</summary>
    public const string PredictionOnly = "PredictionOnly";

    private readonly List<Problem> problems = [];
    private readonly BodyParser bodies;

    private ModelParser(Compilation compilation, CancellationToken cancellation) => bodies = new(compilation, problems, cancellation);

    public static ModelSpec ReadModel(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation) =>
        Guarded(type, () => new ModelParser(compilation, cancellation).Model(type));

    /// <summary>
    /// Reads a block that is not used as a model without input and loss, so that the analyzer can report its errors.
    /// </summary>
    public static ModelSpec ReadBlock(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation) =>
        Guarded(type, () => new ModelParser(compilation, cancellation).LoneBlock(type));

    private static ModelSpec Guarded(INamedTypeSymbol type, Func<ModelSpec> read) => Guard.Try(read, exception => Unreadable(type, exception))!;

    /// <summary>Returns the spec of a class for which reading has failed.</summary>
    public static ModelSpec Unreadable(INamedTypeSymbol type, Exception exception)
    {
        var spec = Guard.Try(() => TypeParser.Read(type)) ?? new TypeSpec("", EquatableArray<string>.Empty, "", type.Name, type.MetadataName);
        return new(spec, EquatableArray<LayerSpec>.Empty, EquatableArray<BlockSpec>.Empty, EquatableArray.Of(ModelCompiler.Crash(spec, exception)));
    }

    private ModelSpec Model(INamedTypeSymbol type)
    {
        problems.AddRange(TypeRules.Check(type, "Model"));
        problems.AddRange(RecomputeRules.CheckClass(type).Concat(RecomputeRules.CheckFields(type)));
        var spec = TypeParser.Read(type);
        var body = bodies.Read(type, "Model");
        var blocks = new BlockCollector(Block, problems);
        foreach (var use in body.Uses) blocks.Enter(use.Type);
        var model = new ModelSpec(spec, body.Layers.ToEquatableArray(), blocks.Found, EquatableArray<Problem>.Empty)
        {
            Forward = body.Forward,
            UsesTf32 = UsesTf32(type),
            KeepsOutputs = HasOption(type, "KeepOutputs"),
            IsPredictionOnly = HasOption(type, PredictionOnly),
            Generates = type.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == Symbols.Generates),
            Weights = WeightAttributes.Read(type),
            FormerNames = WeightAttributes.FormerNames(type).ToEquatableArray(),
            OwnMembers = OwnMembers(type).ToEquatableArray(),
        };
        problems.AddRange(MemberRules.Check(type, model));

        // Where nothing is trained, a derivative that is always zero is no mistake.
        if (model.IsPredictionOnly) problems.RemoveAll(problem => problem.Id == Descriptors.ZeroGradient.Id);
        return model with { Problems = problems.ToEquatableArray() };
    }

    /// <summary>Returns the names of members of the class. Generated examples, and predictions of named outputs, are omitted if the user has a member with that name.</summary>
    private static IEnumerable<string> OwnMembers(INamedTypeSymbol type) => type.GetMembers()
        .Where(member => (member.Name == "Example" || member.Name.StartsWith("Predict", StringComparison.Ordinal)) && Symbols.UserDeclarations(member).Any())
        .Select(member => member.Name).Distinct().OrderBy(name => name, StringComparer.Ordinal);

    /// <summary>Compares the name of the enum value, because its number may change.</summary>
    private static bool UsesTf32(INamedTypeSymbol type) => Options(type)
        .Any(argument => argument.Key == "Precision" && argument.Value is { Type: INamedTypeSymbol precision } value
            && precision.GetMembers("Tf32").OfType<IFieldSymbol>().Any(field => Equals(field.ConstantValue, value.Value)));

    private static bool HasOption(INamedTypeSymbol type, string name) => Options(type).Any(option => option.Key == name && option.Value.Value is true);

    private static IEnumerable<KeyValuePair<string, TypedConstant>> Options(INamedTypeSymbol type) => type.GetAttributes()
        .Where(attribute => attribute.AttributeClass?.ToDisplayString() == Symbols.Model)
        .SelectMany(attribute => attribute.NamedArguments);

    private ModelSpec LoneBlock(INamedTypeSymbol type)
    {
        var blocks = new BlockCollector(Block, problems);
        blocks.Enter(type);
        return new(TypeParser.Read(type), EquatableArray<LayerSpec>.Empty, blocks.Found, problems.ToEquatableArray());
    }

    private (BlockSpec Block, IReadOnlyList<BlockUse> Uses) Block(INamedTypeSymbol type)
    {
        problems.AddRange(TypeRules.Check(type, "Block"));
        problems.AddRange(RecomputeRules.CheckFields(type));
        var body = bodies.Read(type, "Block");
        var block = new BlockSpec(Symbols.KeyOf(type), type.Name, body.Layers.ToEquatableArray())
        {
            Forward = body.Forward,
            IsRecomputed = Symbols.IsRecomputed(type),
            FormerNames = WeightAttributes.FormerNames(type).ToEquatableArray(),
        };
        return (block, body.Uses);
    }
}

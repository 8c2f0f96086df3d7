using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator;

/// <summary>
/// What the pipeline does with one model, stage by stage. A stage that fails, which is a mistake of ours, fails for its model alone: the model's members then
/// throw, and the analyzer reports the failure at the class.
/// </summary>
internal sealed record Stages
{
    /// <summary>The stages of the compiler.</summary>
    public static Stages Own { get; } = new();

    /// <summary>Reads a class.</summary>
    public Func<INamedTypeSymbol, Compilation, CancellationToken, ModelSpec> Reading { get; init; } = ModelParser.ReadModel;

    /// <summary>Writes the files of a model.</summary>
    public Func<ModelSpec, Targets, CancellationToken, GeneratedModel> Compiling { get; init; } = ModelCompiler.Compile;

    /// <summary>The model on a class; null where it cannot have another half, or another declaration of the class stands for it.</summary>
    public ModelSpec? Read(GeneratorAttributeSyntaxContext source, CancellationToken cancellation) => Guard.Try(
        () => source.TargetSymbol is INamedTypeSymbol { TypeKind: TypeKind.Class } type && TypeRules.IsWellFormed(type) && IsFirst(source.TargetNode, type)
            ? Guard.Try(() => Reading(type, source.SemanticModel.Compilation, cancellation), exception => ModelParser.Unreadable(type, exception))
            : null);

    /// <summary>The files of a model.</summary>
    public GeneratedModel Compile(ModelSpec spec, Targets targets, CancellationToken cancellation) =>
        Guard.Try(() => Compiling(spec, targets, cancellation), exception => ModelCompiler.Crashed(spec, exception)) ?? GeneratedModel.Nothing(spec.Type.Key);

    /// <summary>Where [Model] stands on several declarations of a class, which is an error of the C# compiler, one of them stands for the class.</summary>
    private static bool IsFirst(SyntaxNode declaration, INamedTypeSymbol type) =>
        type.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == Symbols.Model)?.ApplicationSyntaxReference is { } first
        && first.SyntaxTree == declaration.SyntaxTree && declaration.FullSpan.Contains(first.Span);
}

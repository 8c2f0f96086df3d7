using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator;

/// <summary>
/// The stages of the pipeline for one model. A failure of a stage, which is a defect of the compiler, affects this model only: its members then
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

    /// <summary>Reads the model of a class; null if another part of the class cannot be generated, or if another declaration represents the class.</summary>
    public ModelSpec? Read(GeneratorAttributeSyntaxContext source, CancellationToken cancellation) => Guard.Try(
        () => source.TargetSymbol is INamedTypeSymbol { TypeKind: TypeKind.Class } type && TypeRules.IsWellFormed(type) && IsFirst(source.TargetNode, type)
            ? Guard.Try(() => Reading(type, source.SemanticModel.Compilation, cancellation), exception => ModelParser.Unreadable(type, exception))
            : null);

    /// <summary>Returns the files of a model.</summary>
    public GeneratedModel Compile(ModelSpec spec, Targets targets, CancellationToken cancellation) =>
        Guard.Try(() => Compiling(spec, targets, cancellation), exception => ModelCompiler.Crashed(spec, exception)) ?? GeneratedModel.Nothing(spec.Type.Key);

    /// <summary>Whether a declaration represents its class. Several declarations with [Model] are an error of the C# compiler; the first one represents the class.</summary>
    private static bool IsFirst(SyntaxNode declaration, INamedTypeSymbol type) =>
        type.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == Symbols.Model)?.ApplicationSyntaxReference is { } first
        && first.SyntaxTree == declaration.SyntaxTree && declaration.FullSpan.Contains(first.Span);
}

using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Emit;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator;

/// <summary>
/// The incremental pipeline. Reading a model is fast and runs on every keystroke; compiling it is skipped while its spec
/// is equal. <see cref="Diagnostics.ModelAnalyzer"/> reports errors. Nothing here throws, because that would end the generation of all models.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModelGenerator : IIncrementalGenerator
{
    internal const string SpecStep = "Spec";
    internal const string CompileStep = "Compile";
    internal const string WeightStep = "Weight";

    private readonly Stages stages;

    /// <summary>Creates the generator.</summary>
    public ModelGenerator()
        : this(Stages.Own)
    {
    }

    internal ModelGenerator(Stages stages) => this.stages = stages;

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var specs = context.SyntaxProvider
            .ForAttributeWithMetadataName(Symbols.Model, static (node, _) => node is TypeDeclarationSyntax, stages.Read)
            .WithTrackingName(SpecStep)
            .Where(static spec => spec is not null)
            .Select(static (spec, _) => spec!);

        // The compilation itself is not combined: after most edits the targets are equal, and models are not compiled again.
        var properties = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => (
            Widths: Guard.Try(() => VectorWidths.Named(options)), ChecksNumbers: CheckedNumbers.AreWanted(options)));
        var targets = context.CompilationProvider.Combine(properties).Select(static (pair, _) =>
            Guard.Try(() => Targets.Of(pair.Left, pair.Right.Widths, pair.Right.ChecksNumbers)) ?? Targets.Default);

        var models = specs
            .Combine(targets)
            .Select((pair, cancellation) => stages.Compile(pair.Left, pair.Right, cancellation))
            .WithTrackingName(CompileStep);

        var weights = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Symbols.Weight,
                static (node, _) => node is PropertyDeclarationSyntax,
                static (source, _) => Guard.Try(() => WeightProperty.Read((IPropertySymbol)source.TargetSymbol, (PropertyDeclarationSyntax)source.TargetNode)))
            .WithTrackingName(WeightStep)
            .Where(static weight => weight is not null)
            .Select(static (weight, _) => Guard.Try(() => WeightWriter.Generate(weight!)))
            .Where(static weight => weight is not null)
            .Select(static (weight, _) => weight!);

        // The only stage that sees all models: two names may differ only in a way that the file system ignores.
        var stems = models.Select(static (model, _) => model.Key).Collect()
            .Combine(weights.Select(static (weight, _) => weight.Key).Collect())
            .Select(static (keys, _) => HintNames.Assign(keys.Left, keys.Right));

        Register(context, models, stems);
        Register(context, weights, stems);
    }

    private static void Register(
        IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<GeneratedModel> models, IncrementalValueProvider<EquatableArray<FileStem>> stems) =>
        context.RegisterSourceOutput(
            models.Combine(stems).Select(static (pair, _) => (pair.Left.Files, pair.Right.FirstOrDefault(stem => stem.Key == pair.Left.Key)?.Stem)),
            static (output, model) =>
            {
                if (model.Stem is null) return;
                foreach (var file in model.Files) output.AddSource(HintNames.File(model.Stem, file.Suffix), SourceText.From(file.Text, Encoding.UTF8));
            });
}

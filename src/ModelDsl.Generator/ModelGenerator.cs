using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator;

/// <summary>
/// The incremental pipeline and nothing else. Reading a model is cheap and runs on every keystroke; compiling it is skipped while its spec
/// stays equal. Mistakes are reported by <see cref="Diagnostics.ModelAnalyzer"/>.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModelGenerator : IIncrementalGenerator
{
    internal const string SpecStep = "Spec";
    internal const string CompileStep = "Compile";
    internal const string WeightStep = "Weight";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var specs = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Symbols.Model,
                static (node, _) => node is TypeDeclarationSyntax,
                static (source, cancellation) =>
                    ModelParser.ReadModel((INamedTypeSymbol)source.TargetSymbol, source.SemanticModel.Compilation, cancellation))
            .WithTrackingName(SpecStep);

        // Not the compilation itself: an edit leaves the targets equal, and what is compiled from them stays.
        var targets = context.CompilationProvider
            .Combine(context.AnalyzerConfigOptionsProvider.Select(static (options, _) => options.GlobalOptions.TryGetValue(VectorWidths.Option, out var widths) ? widths : null))
            .Select(static (pair, _) => Targets.Of(pair.Left, pair.Right));

        var models = specs
            .Combine(targets)
            .Select(static (pair, cancellation) => ModelCompiler.Compile(pair.Left, pair.Right, cancellation))
            .WithTrackingName(CompileStep);

        context.RegisterSourceOutput(models, static (output, model) =>
        {
            foreach (var file in model.Files) output.AddSource(file.HintName, SourceText.From(file.Text, Encoding.UTF8));
        });

        var weights = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Symbols.Weight,
                static (node, _) => node is PropertyDeclarationSyntax,
                static (source, _) => WeightProperty.Read((IPropertySymbol)source.TargetSymbol, (PropertyDeclarationSyntax)source.TargetNode))
            .WithTrackingName(WeightStep);

        context.RegisterSourceOutput(weights, static (output, weight) =>
        {
            if (weight is not null) output.AddSource(WeightWriter.HintName(weight), SourceText.From(WeightWriter.Write(weight), Encoding.UTF8));
        });
    }
}

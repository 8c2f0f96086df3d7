using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.WeightFiles;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>Reports the errors that are found by reading and checking a model. The generator uses the same code.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ModelAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. Descriptors.All];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        // Models that another tool writes before the compiler starts, such as the importer of ONNX files, are checked too.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Symbols.Model) is null) return;
            var mistakes = new Mistakes();
            var models = 0;
            start.RegisterSymbolAction(
                context =>
                {
                    if (Analyze(context, mistakes)) Interlocked.Increment(ref models);
                },
                SymbolKind.NamedType);
            start.RegisterCompilationEndAction(end =>
            {
                // Any settings are valid for a project without models.
                if (models > 0) ReportSettings(end);
            });
        });
    }

    /// <summary>Reports invalid settings of the project. They have no source location.</summary>
    private static void ReportSettings(CompilationAnalysisContext context)
    {
        foreach (var obstacle in Targets.FindObstacles(context.Compilation)) Report(obstacle.Id, [.. obstacle.Arguments]);
        if (VectorWidths.Wrong(VectorWidths.Named(context.Options.AnalyzerConfigOptionsProvider)) is { } wrong) Report(Descriptors.VectorWidth.Id, wrong);

        void Report(string id, params string[] arguments) => context.ReportDiagnostic(Diagnostic.Create(Descriptors.Find(id), Location.None, arguments));
    }

    /// <summary>Reports the errors of a class; returns whether it is a model.</summary>
    private static bool Analyze(SymbolAnalysisContext context, Mistakes mistakes)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind != TypeKind.Class) return false;

        // A failure of the analyzer is reported at the class; an exception would end the analysis of all other classes.
        var diagnostics = Guard.Try(() => Diagnose(type, context.Compilation, mistakes, name => ListOf(name, context), context.CancellationToken), exception =>
        {
            var crash = ModelCompiler.Crash(ModelParser.Unreadable(type, exception).Type, exception);
            return [Diagnostic.Create(Descriptors.InternalError, type.Locations.FirstOrDefault(), [.. crash.Arguments])];
        });
        foreach (var diagnostic in diagnostics ?? []) context.ReportDiagnostic(diagnostic);
        return Symbols.IsModel(type);
    }

    private static IReadOnlyList<Diagnostic> Diagnose(INamedTypeSymbol type, Compilation compilation, Mistakes mistakes, Func<string, string?> findList, CancellationToken cancellation)
    {
        var (isModel, isBlock) = (Symbols.IsModel(type), Symbols.IsBlock(type));
        var problems = isModel ? WithCrash(ModelCompiler.Check(ModelParser.ReadModel(type, compilation, cancellation), findList, cancellation), type)
            : isBlock ? ModelCompiler.CheckBlock(ModelParser.ReadBlock(type, compilation, cancellation))
            : [.. RecomputeRules.CheckClass(type), .. RecomputeRules.CheckFields(type), .. Symbols.LayerAttributes(type).Count == 0 ? Array.Empty<Problem>() : [WithoutModel(type)]];

        // A name that the C# compiler does not know may have another name in this library.
        var unknown = problems.Any(problem => problem.Id == Problem.ReportedByCompiler) ? UnknownNames.Of(type, compilation, cancellation) : [];
        var locator = new SiteLocator(compilation);
        return
        [
            .. unknown,
            .. from problem in problems
               where problem.Id != Problem.ReportedByCompiler && mistakes.IsTold(problem, type)
               select Diagnostic.Create(
                   Descriptors.Find(problem.Id),
                   locator.Find(problem.Site) ?? type.Locations.FirstOrDefault(),
                   problem.Related.Select(locator.Find).OfType<Location>(),
                   LocatedRepair.Properties(problem, locator.Find),
                   [.. problem.Arguments]),
        ];
    }

    /// <summary>Returns the text of an additional file of the project; null if there is none with the name. Of several with the name, the one whose whole path ends with the given path is taken.</summary>
    private static string? ListOf(string path, SymbolAnalysisContext context) =>
        context.Options.AdditionalFiles.Where(file => WeightsSpec.NameOf(file.Path) == WeightsSpec.NameOf(path))
            .OrderByDescending(file => WeightsSpec.EndsWith(file.Path, path)).FirstOrDefault()?.GetText(context.CancellationToken)?.ToString();

    private static Problem WithoutModel(INamedTypeSymbol type)
    {
        var site = Site.OfType(Symbols.KeyOf(type));
        var (model, block) = (Repair.AddAttribute(site, "Model", type.Name), Repair.AddAttribute(site, "Block", type.Name));
        var hasInput = Symbols.LayerAttributes(type).Any(attribute => Symbols.KindOf(attribute) is "Input" or "TokenInput");
        return Problem.At(Descriptors.LayersWithoutModel.Id, site, type.Name).Suggest(hasInput ? model : block, hasInput ? block : model);
    }

    /// <summary>Adds a crash of a later pass, which the generated code contains, because the analyzer runs only the passes up to shapes.</summary>
    private static IReadOnlyList<Problem> WithCrash(IReadOnlyList<Problem> problems, INamedTypeSymbol type)
    {
        if (ModelCompiler.StopsGeneration(problems)) return problems;
        var mark = type.GetMembers(GeneratedMembers.Crash).OfType<IFieldSymbol>().FirstOrDefault(field => field.IsConst);
        return mark?.ConstantValue is string crash
            ? [.. problems, Problem.At(Descriptors.InternalError.Id, Site.OfType(Symbols.KeyOf(type)), type.Name, crash)]
            : problems;
    }

    /// <summary>
    /// An error in a block is found again by every model that uses the block, and only one of the models reports it. That model is stored, because an editor
    /// may analyze the same class several times.
    /// </summary>
    private sealed class Mistakes
    {
        private readonly ConcurrentDictionary<(string Id, Site Site), string> tellers = new();

        public bool IsTold(Problem problem, INamedTypeSymbol by)
        {
            var key = Symbols.KeyOf(by);
            return tellers.GetOrAdd((problem.Id, problem.Site), key) == key;
        }
    }
}

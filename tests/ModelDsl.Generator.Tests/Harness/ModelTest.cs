using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Testing;
using ModelDsl.CodeFixes;
using ModelDsl.Generator.Diagnostics;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>
/// A test of Roslyn's test framework: sources with models, the diagnostics that their markup expects, and what a fix makes of them. As in a build the generator
/// runs first; the analyzer and the C# compiler see what it has written.
/// </summary>
internal sealed class ModelTest : CSharpCodeFixTest<ModelAnalyzer, SuggestionFixProvider, DefaultVerifier>
{
    /// <summary>No package: references are those of all compilations here. Nothing is restored while tests run.</summary>
    public static readonly ReferenceAssemblies NoPackages = new("net10.0");

    /// <summary>Diagnostics do not depend on the width of vectors, and a program takes the C# compiler longer than all the rest.</summary>
    private const string OneWidth = $"is_global = true\n{VectorWidths.Option} = {Widths.Portable}\n";

    private readonly List<Diagnostic> found = [];

    /// <param name="markup">The sources, in which <c>{|MDSL0012:3, 3|}</c> stands for <c>3, 3</c> with that diagnostic on exactly these characters.</param>
    public ModelTest(params IEnumerable<string> markup)
    {
        ReferenceAssemblies = NoPackages;
        TestState.AdditionalReferences.AddRange(TestCompilation.References);
        TestState.DocumentationMode = DocumentationMode.None;
        TestState.AnalyzerConfigFiles.Add(("/.globalconfig", OneWidth));
        Add(TestState, markup);

        // Tests of generated text compare it. That a pragma silences a diagnostic, and a fix of all mends all, is tested once and not with every source.
        TestBehaviors = TestBehaviors.SkipGeneratedSourcesCheck | TestBehaviors.SkipSuppressionCheck;
        // What is wrong with a class around a model is found with the model, and so is not local to what is analyzed.
        CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck | CodeFixTestBehaviors.SkipLocalDiagnosticCheck;
        DiagnosticVerifier = (diagnostic, _, _) => found.Add(diagnostic);
    }

    /// <summary>The expected diagnostics as they were found, in source order, when the test has run.</summary>
    public IReadOnlyList<Diagnostic> Found => found;

    /// <summary>Analyzers that run in addition to the model analyzer.</summary>
    public IReadOnlyList<DiagnosticAnalyzer> Others { get; init; } = [];

    /// <summary>The title of the fix that is applied, of those that are offered.</summary>
    public string? Title { get; init; }

    /// <summary>Says what the fix makes of the sources.</summary>
    public ModelTest Becomes(params IEnumerable<string> markup)
    {
        Add(FixedState, markup);
        return this;
    }

    protected override ParseOptions CreateParseOptions() => TestCompilation.WithoutWarnings;

    protected override CompilationOptions CreateCompilationOptions() => TestCompilation.Options;

    protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => [new ModelAnalyzer(), .. Others];

    protected override IEnumerable<CodeFixProvider> GetCodeFixProviders() => [new SuggestionFixProvider(), new NameFixProvider()];

    protected override ImmutableArray<CodeAction> FilterCodeActions(ImmutableArray<CodeAction> codeActions) =>
        Title is null ? codeActions : [.. codeActions.Where(action => action.Title == Title)];

    // One host for all tests: to compose one takes longer than a test.
    protected override Task<Workspace> CreateWorkspaceImplAsync() => Task.FromResult<Workspace>(new AdhocWorkspace(MefHostServices.DefaultHost));

    // With GetSourceGenerators, the framework would run the generator once more, and parse what it has written again.
    protected override async Task<(Compilation compilation, ImmutableArray<Diagnostic> generatorDiagnostics)> GetProjectCompilationAsync(
        Project project, IVerifier verifier, CancellationToken cancellationToken)
    {
        CSharpGeneratorDriver
            .Create(
                [new ModelGenerator().AsSourceGenerator()], parseOptions: (CSharpParseOptions)project.ParseOptions!,
                optionsProvider: project.AnalyzerOptions.AnalyzerConfigOptionsProvider)
            .RunGeneratorsAndUpdateCompilation((await project.GetCompilationAsync(cancellationToken))!, out var compilation, out var diagnostics, cancellationToken);
        return (compilation, diagnostics);
    }

    private static void Add(SolutionState state, IEnumerable<string> markup)
    {
        foreach (var source in markup) state.Sources.Add(source);
        state.Sources.Add(("/0/GlobalUsings.cs", TestCompilation.GlobalUsings));
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;
using ModelDsl.CodeFixes;
using ModelDsl.CodeFixes.Refactorings;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.CodeFixes;

/// <summary>Sources in a workspace, as an editor holds them: what is reported there, what is offered for it, what becomes of it.</summary>
internal sealed class FixProject : IDisposable
{
    private static readonly CodeFixProvider[] Providers = [new SuggestionFixProvider(), new NameFixProvider()];

    private readonly AdhocWorkspace workspace = new(MefHostServices.DefaultHost);
    private readonly ProjectId id = ProjectId.CreateNewId();

    /// <summary>The additional files of the project.</summary>
    public IReadOnlyList<AdditionalText> Files { get; init; } = [];

    public FixProject(params string[] sources)
    {
        var template = TestCompilation.Create(sources);
        var documents = template.SyntaxTrees.Select(tree => DocumentInfo.Create(
            DocumentId.CreateNewId(id), tree.FilePath, filePath: tree.FilePath, loader: TextLoader.From(TextAndVersion.Create(tree.GetText(), VersionStamp.Default))));
        workspace.AddProject(ProjectInfo.Create(
            id, VersionStamp.Default, "Test", "Test", LanguageNames.CSharp, compilationOptions: template.Options, parseOptions: TestCompilation.ParseOptions,
            documents: documents, metadataReferences: template.References));
    }

    private Project Project => workspace.CurrentSolution.GetProject(id)!;

    public string Text(int file = 0) => Project.Documents.ElementAt(file).GetTextAsync().Result.ToString();

    /// <summary>What generator, analyzer and the C# compiler report.</summary>
    public async Task<IReadOnlyList<Diagnostic>> Report()
    {
        var compilation = (await Project.GetCompilationAsync())!;
        Generation.NewDriver(widths: Widths.Portable).RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        var ours = await generated.WithAnalyzers([new ModelAnalyzer()], new AnalyzerOptions([.. Files])).GetAnalyzerDiagnosticsAsync();
        var errors = generated.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error);
        return [.. ours.Concat(errors).OrderBy(found => found.Location.SourceTree?.FilePath).ThenBy(found => found.Location.SourceSpan.Start)];
    }

    /// <summary>The fixes of a diagnostic, in the order in which a menu shows them.</summary>
    public async Task<IReadOnlyList<CodeAction>> Fixes(Diagnostic diagnostic)
    {
        var actions = new List<CodeAction>();
        var document = Project.Documents.Single(document => document.FilePath == diagnostic.Location.SourceTree!.FilePath);
        await ProviderOf(diagnostic).RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), default));
        return actions;
    }

    private static CodeFixProvider ProviderOf(Diagnostic diagnostic) => Providers.First(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id));

    /// <summary>The refactorings at a place of the first file.</summary>
    public async Task<IReadOnlyList<CodeAction>> Refactorings(TextSpan at)
    {
        var actions = new List<CodeAction>();
        await new ForwardRefactoring().ComputeRefactoringsAsync(new CodeRefactoringContext(Project.Documents.First(), at, actions.Add, default));
        return actions;
    }

    public async Task Apply(CodeAction action)
    {
        var operation = Assert.IsType<ApplyChangesOperation>(Assert.Single(await action.GetOperationsAsync(default)));
        Assert.True(workspace.TryApplyChanges(operation.ChangedSolution));
    }

    /// <summary>The first fix of a diagnostic, for all diagnostics of its kind in the project.</summary>
    public async Task ApplyToAll(Diagnostic diagnostic)
    {
        var fix = (await Fixes(diagnostic))[0];
        var context = new FixAllContext(
            Project.Documents.First(), ProviderOf(diagnostic), FixAllScope.Project, fix.EquivalenceKey!, [diagnostic.Id], new Reported(this), default);
        await Apply((await ProviderOf(diagnostic).GetFixAllProvider()!.GetFixAsync(context))!);
    }

    public void Dispose() => workspace.Dispose();

    private sealed class Reported(FixProject project) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project _, CancellationToken cancellationToken) => await project.Report();

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) =>
            (await project.Report()).Where(found => found.Location.SourceTree?.FilePath == document.FilePath);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project _, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}

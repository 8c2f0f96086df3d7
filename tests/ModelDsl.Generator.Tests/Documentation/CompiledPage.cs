using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>The programs of a page, compiled together, each in a namespace of its own.</summary>
internal sealed class CompiledPage
{
    /// <summary>The code of models with more weights is checked and not generated: examples do not run them, and it takes seconds.</summary>
    private const long MostParameters = 10_000_000;

    // The imports of a new console project, in addition to those of all compilations of the tests.
    private const string Usings = """
        global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;
        """;

    private static readonly ConcurrentDictionary<string, Lazy<CompiledPage>> Pages = new();

    /// <summary>The pages whose programs are compiled and run.</summary>
    public static IReadOnlyList<string> Tried { get; } = TestScale.Some("pages whose programs are compiled and run", Page.Names, 4);

    private readonly Compilation generated;
    private readonly Compilation asWritten;
    private readonly Lazy<Assembly> assembly;

    private CompiledPage(string name)
    {
        Page = Page.Of(name);
        string[] sources = [.. Page.Examples.Select((example, index) => example.Source(NameOf(index)))];
        var all = Create(name, [.. sources, Usings]);
        Models = [.. Enumerable.Range(0, sources.Length).Select(index => all.GlobalNamespace.GetNamespaceMembers().Single(space => space.Name == NameOf(index)))
            .SelectMany(space => space.GetTypeMembers()).Where(Symbols.IsModel).Select(type => (type.Name, type.ContainingNamespace.Name, ParametersOf(type, all)))];
        var large = Models.Where(model => model.Parameters > MostParameters).Select(model => model.Space).ToHashSet();
        bool IsLarge(string source) => large.Any(space => source.StartsWith($"namespace {space};", StringComparison.Ordinal));

        asWritten = Create(name, [.. sources.Where(IsLarge), Usings]);
        Generation.NewDriver(widths: Widths.Portable).RunGeneratorsAndUpdateCompilation(
            Create(name, [.. sources.Where(source => !IsLarge(source)), Usings]), out generated, out var crashes);
        Assert.Empty(crashes);
        assembly = new(() => TestCompilation.Load(generated));
    }

    public Page Page { get; }

    /// <summary>Pages about a package are compiled with it. Others are not: a reference to the package for ONNX changes what is generated.</summary>
    private static CSharpCompilation Create(string page, string[] sources)
    {
        var compilation = TestCompilation.Create(sources);
        var package = Path.GetFileName(page) switch { "onnx.md" => typeof(OnnxExtensions), "distributed.md" => typeof(CollectiveEnvironment), _ => null };
        return package is null ? compilation : compilation.AddReferences(MetadataReference.CreateFromFile(package.Assembly.Location));
    }

    /// <summary>The models of all programs, each with the namespace of its program and the number of its weights.</summary>
    public IReadOnlyList<(string Name, string Space, long Parameters)> Models { get; }

    /// <summary>A page, compiled at its first use.</summary>
    public static CompiledPage Of(string name) => Pages.GetOrAdd(name, key => new(() => new CompiledPage(key))).Value;

    /// <summary>Errors and warnings, of the C# compiler and ours.</summary>
    public async Task<IReadOnlyList<Diagnostic>> Report()
    {
        var found = new List<Diagnostic>();
        foreach (var compilation in new[] { generated, asWritten })
        {
            var all = await compilation.WithAnalyzers([new ModelAnalyzer(), new ModelSuppressor()]).GetAllDiagnosticsAsync();
            found.AddRange(all.Where(diagnostic => diagnostic is { IsSuppressed: false, Severity: DiagnosticSeverity.Error or DiagnosticSeverity.Warning }));
        }

        return found;
    }

    /// <summary>Runs a program.</summary>
    public async Task Run(int example)
    {
        var run = assembly.Value.GetType($"{NameOf(example)}.{PageExample.Class}", throwOnError: true)!.GetMethod(PageExample.Method)!;
        if (run.Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null) is Task task)
            await task;
    }

    private static string NameOf(int example) => FormattableString.Invariant($"Example{example}");

    private static long ParametersOf(INamedTypeSymbol model, Compilation compilation) => Lowering.Lower(ModelParser.ReadModel(model, compilation, default))
        .Parameters.Where(parameter => parameter is not StateNode).Sum(parameter => (long)parameter.Shape.Length);
}

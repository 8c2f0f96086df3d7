using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator;
using ModelDsl.Generator.Diagnostics;

namespace ModelDsl.Benchmarks.Generation;

/// <summary>What the generator is run on.</summary>
internal static class GenerationInput
{
    /// <summary>The namespaces that a project of the package imports: those of <c>ImplicitUsings</c>, and that of the package.</summary>
    private const string Imports = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using ModelDsl;
        """;

    public static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create(new ModelGenerator());

    public static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source);

    /// <summary>A project with these files. Their indices are those of its first syntax trees.</summary>
    public static CSharpCompilation Compilation(IEnumerable<SyntaxTree> trees) =>
        CSharpCompilation.Create(
            "Benchmark", [.. trees, Parse(Imports)], References(), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release));

    /// <summary>A driver that has generated everything.</summary>
    /// <exception cref="InvalidOperationException">The project has errors.</exception>
    public static GeneratorDriver Warm(CSharpCompilation compilation)
    {
        Check(compilation);
        return Driver().RunGenerators(compilation);
    }

    /// <summary>Checks that there is something to measure: the generator is done quickly with a model that has an error.</summary>
    /// <exception cref="InvalidOperationException">The project has errors, which the message lists.</exception>
    public static void Check(CSharpCompilation compilation)
    {
        Driver().RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        var errors = compilation.SyntaxTrees.SelectMany(tree => generated.GetSemanticModel(tree).GetDiagnostics())
            .Concat(compilation.WithAnalyzers([new ModelAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult())
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .ToList();
        if (errors.Count > 0)
            throw new InvalidOperationException($"What is to be measured has errors:\n{string.Join('\n', errors)}");
    }

    private static IEnumerable<MetadataReference> References()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return Directory.EnumerateFiles(framework, "System*.dll")
            .Where(path => !path.Contains(".Native", StringComparison.Ordinal))
            .Append(Path.Combine(framework, "netstandard.dll"))
            .Append(typeof(ModelAttribute).Assembly.Location)
            .Append(typeof(Model).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path));
    }
}

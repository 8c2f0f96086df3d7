using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator;

namespace ModelDsl.Benchmarks.Generation;

/// <summary>What the generator is run on.</summary>
internal static class GenerationInput
{
    public static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create(new ModelGenerator());

    public static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source);

    public static CSharpCompilation Compilation(IEnumerable<SyntaxTree> trees) =>
        CSharpCompilation.Create(
            "Benchmark", trees, References(), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release));

    /// <summary>A driver that has generated everything.</summary>
    /// <exception cref="InvalidOperationException">A model has a mistake, and would be quick: its only file says so.</exception>
    public static GeneratorDriver Warm(CSharpCompilation compilation)
    {
        var warm = Driver().RunGenerators(compilation);
        return warm.GetRunResult().GeneratedTrees.Length >= 4 ? warm : throw new InvalidOperationException("The model was not generated.");
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

using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator;

namespace ModelDsl.Benchmarks.Generation;

/// <summary>The generator on a model of twelve residual blocks: when a project is opened, and between keystrokes.</summary>
[MemoryDiagnoser]
public class GeneratorBenchmarks
{
    private const string Elsewhere = "class Other { int F() => 1; }";

    private CSharpCompilation compilation = null!;
    private CSharpCompilation editedElsewhere = null!;
    private CSharpCompilation editedModel = null!;
    private GeneratorDriver warm = null!;

    /// <summary>Makes the compilations before and after the edits.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var model = Parse(TwelveBlocks.Source(width: 64));
        var other = Parse(Elsewhere);
        compilation = CSharpCompilation.Create("Benchmark", [model, other], References(), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        editedElsewhere = compilation.ReplaceSyntaxTree(other, Parse("class Other { int F() => 2; }"));
        editedModel = compilation.ReplaceSyntaxTree(model, Parse(TwelveBlocks.Source(width: 80)));
        warm = Driver().RunGenerators(compilation);
        // A model with a mistake would be quick: its only file says so.
        if (warm.GetRunResult().GeneratedTrees.Length < 4)
            throw new InvalidOperationException("The model was not generated.");
    }

    /// <summary>Everything, from nothing.</summary>
    [Benchmark(Baseline = true)]
    public GeneratorDriver Cold() => Driver().RunGenerators(compilation);

    /// <summary>After an edit in another file: nothing is generated.</summary>
    [Benchmark]
    public GeneratorDriver EditElsewhere() => warm.RunGenerators(editedElsewhere);

    /// <summary>After an edit of the model.</summary>
    [Benchmark]
    public GeneratorDriver EditModel() => warm.RunGenerators(editedModel);

    private static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create(new ModelGenerator());

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source);

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

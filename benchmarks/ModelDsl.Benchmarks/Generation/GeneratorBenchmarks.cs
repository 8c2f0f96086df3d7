using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

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
        var model = GenerationInput.Parse(TwelveBlocks.Source(width: 64));
        var other = GenerationInput.Parse(Elsewhere);
        compilation = GenerationInput.Compilation([model, other]);
        editedElsewhere = compilation.ReplaceSyntaxTree(other, GenerationInput.Parse("class Other { int F() => 2; }"));
        editedModel = compilation.ReplaceSyntaxTree(model, GenerationInput.Parse(TwelveBlocks.Source(width: 80)));
        warm = GenerationInput.Warm(compilation);
    }

    /// <summary>Everything, from nothing.</summary>
    [Benchmark(Baseline = true)]
    public GeneratorDriver Cold() => GenerationInput.Driver().RunGenerators(compilation);

    /// <summary>After an edit in another file: nothing is generated.</summary>
    [Benchmark]
    public GeneratorDriver EditElsewhere() => warm.RunGenerators(editedElsewhere);

    /// <summary>After an edit of the model.</summary>
    [Benchmark]
    public GeneratorDriver EditModel() => warm.RunGenerators(editedModel);
}

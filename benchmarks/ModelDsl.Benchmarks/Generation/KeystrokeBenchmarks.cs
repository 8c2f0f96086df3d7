using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ModelDsl.Benchmarks.Generation;

/// <summary>
/// What a keystroke costs: the generator run again after an edit. Bodies of Forward methods are read anew on each, since any declaration may have
/// changed what they mean; what is read alike is not compiled again.
/// </summary>
[MemoryDiagnoser]
public class KeystrokeBenchmarks
{
    private const string Elsewhere = "class Other { int F() => 1; }";

    private readonly Project forwards = new(TwelveForwards.Files);
    private readonly Project lists = new([TwelveBlocks.Source(width: 64)]);

    /// <summary>After an edit in a file without models, where twelve classes have a Forward: they are read, and nothing is compiled.</summary>
    [Benchmark(Baseline = true)]
    public GeneratorDriver TwelveForwardsElsewhere() => forwards.AfterEdit(1, "class Other { int F() => 2; }");

    /// <summary>After an edit in a comment of one of twelve Forward methods.</summary>
    [Benchmark]
    public GeneratorDriver TwelveForwardsComment() => forwards.AfterEdit(2, TwelveForwards.Block(1, factor: 2).Replace("return", "/**/ return", StringComparison.Ordinal));

    /// <summary>After an edit of a size in one of twelve Forward methods: the model is compiled.</summary>
    [Benchmark]
    public GeneratorDriver TwelveForwardsSize() => forwards.AfterEdit(2, TwelveForwards.Block(1, factor: 3));

    /// <summary>After an edit in a file without models, where there is neither a Forward nor a nameof: attributes alone are read.</summary>
    [Benchmark]
    public GeneratorDriver ListsElsewhere() => lists.AfterEdit(1, "class Other { int F() => 2; }");

    /// <summary>A project that has been generated once. File 1 holds no model.</summary>
    private sealed class Project
    {
        private readonly CSharpCompilation compilation;
        private readonly GeneratorDriver warm;
        private readonly Dictionary<string, CSharpCompilation> edited = [];

        public Project(IReadOnlyList<string> files)
        {
            compilation = GenerationInput.Compilation([.. files.Take(1).Append(Elsewhere).Concat(files.Skip(1)).Select(GenerationInput.Parse)]);
            warm = GenerationInput.Warm(compilation);
        }

        /// <summary>Each run begins with a compilation of which nothing is bound yet, as an editor's does.</summary>
        public GeneratorDriver AfterEdit(int file, string source)
        {
            if (!edited.TryGetValue(source, out var after))
                edited.Add(source, after = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[file], GenerationInput.Parse(source)));
            return warm.RunGenerators(after.Clone());
        }
    }
}

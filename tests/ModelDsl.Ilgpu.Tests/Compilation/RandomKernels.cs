using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>The kernels of random models, compiled while the tests run.</summary>
internal static class RandomKernels
{
    /// <summary>The kernels of some models, those that the kernels of the CPU are compared with.</summary>
    /// <param name="first">The seed of the first.</param>
    /// <param name="models">How many models.</param>
    public static IReadOnlyList<(string Name, MethodInfo Kernel)> Of(int first, int models)
    {
        var kernels = Of([.. Enumerable.Range(first, models).Select(seed => RandomModels.Valid(seed).Source)]);
        Assert.True(kernels.Count > 5 * models, $"Only {kernels.Count} kernels.");
        return kernels;
    }

    /// <summary>The kernels of models of which the texts are given.</summary>
    public static IReadOnlyList<(string Name, MethodInfo Kernel)> Of(params string[] sources) => [.. KernelList.Of(Compile(sources))];

    private static Assembly Compile(string[] sources)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "Random" + Guid.NewGuid().ToString("N"),
            sources.Append("global using System; global using ModelDsl;").Select(source => CSharpSyntaxTree.ParseText(source, options)),
            platform.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release));
        CSharpGeneratorDriver.Create([new ModelGenerator().AsSourceGenerator()], parseOptions: options).RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        using var image = new MemoryStream();
        var result = generated.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Take(20)));
        return Assembly.Load(image.ToArray());
    }
}

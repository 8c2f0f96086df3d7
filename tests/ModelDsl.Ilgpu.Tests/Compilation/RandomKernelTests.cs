using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>Random models, those that the kernels of the CPU are compared with: every kernel compiles to PTX and to OpenCL C.</summary>
public class RandomKernelTests
{
    /// <summary>Models of one compilation.</summary>
    private const int Together = 10;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 4).Select(chunk => chunk * Together)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Kernels_of_random_models_compile(int first)
    {
        var models = Enumerable.Range(first, Together).Select(RandomModels.Valid).ToList();
        var kernels = KernelList.Of(Compile([.. models.Select(model => model.Source)])).ToList();
        Assert.True(kernels.Count > 5 * Together, $"Only {kernels.Count} kernels.");
        var failures = new List<string>();
        foreach (var (name, kernel) in kernels)
        {
            try
            {
                KernelCompiler.CheckPtx(KernelCompiler.ToPtx(kernel));
                Assert.Contains("kernel void", KernelCompiler.ToOpenCl(kernel), StringComparison.Ordinal);
            }
            catch (Exception exception)
            {
                failures.Add($"{name}: {exception.GetType().Name}: {exception.Message}");
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

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

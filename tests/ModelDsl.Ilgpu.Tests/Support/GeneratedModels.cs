using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Ilgpu.Tests.Compilation;

namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>Models generated and compiled while the tests run: many texts in one compilation, because each costs far more than a model. Their programs for the CPU, which no
/// test here runs, are the portable ones alone.</summary>
internal sealed class GeneratedModels
{
    private static readonly CSharpParseOptions ParseOptions = TestCompilation.WithoutWarnings;
    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private readonly Assembly assembly;
    private readonly Dictionary<string, ModelSpec> specs;

    private GeneratedModels(Assembly assembly, IEnumerable<ModelSpec> specs)
    {
        this.assembly = assembly;
        this.specs = specs.ToDictionary(spec => spec.Type.Key);
        Kernels = KernelList.Of(assembly).ToDictionary(kernel => kernel.Name, kernel => kernel.Kernel);
    }

    /// <summary>The kernels of all models.</summary>
    public IReadOnlyDictionary<string, MethodInfo> Kernels { get; }

    /// <summary>The names of the models.</summary>
    public IEnumerable<string> Names => specs.Keys;

    /// <summary>Compiles texts; fails with the compiler's messages.</summary>
    public static GeneratedModels Of(params string[] sources)
    {
        var compilation = CSharpCompilation.Create(
            "Generated" + Guid.NewGuid().ToString("N"),
            sources.Append("global using System; global using ModelDsl;").Select(source => CSharpSyntaxTree.ParseText(source, ParseOptions)),
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release));
        var driver = CSharpGeneratorDriver.Create(
            [new ModelGenerator().AsSourceGenerator()], parseOptions: ParseOptions, optionsProvider: new ProjectOptions(Widths.Portable),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true))
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        using var image = new MemoryStream();
        var result = generated.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Take(20)));
        var steps = Assert.Single(driver.GetRunResult().Results).TrackedSteps[ModelGenerator.SpecStep];
        return new(Assembly.Load(image.ToArray()), steps.SelectMany(step => step.Outputs).Select(output => (ModelSpec)output.Value));
    }

    /// <summary>What the generator read of a model.</summary>
    public ModelSpec SpecOf(string name) => specs[name];

    /// <summary>A model of its own.</summary>
    public Model Create(string name, int seed, Device device) => (Model)Activator.CreateInstance(assembly.GetType(name, throwOnError: true)!, seed, device)!;
}

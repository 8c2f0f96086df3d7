using System.Reflection;
using System.Runtime.Loader;
using System.Text;
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
        Kernels = KnownKernels.Of(assembly).ToDictionary(kernel => kernel.Name, kernel => kernel.Kernel);
    }

    /// <summary>The kernels of all models.</summary>
    public IReadOnlyDictionary<string, MethodInfo> Kernels { get; }

    /// <summary>The names of the models.</summary>
    public IEnumerable<string> Names => specs.Keys;

    /// <summary>Compiles texts; fails with the compiler's messages.</summary>
    public static GeneratedModels Of(params string[] sources) => Of(null, sources.Select(static source => ("", source)), true);

    /// <summary>Compiles texts into an assembly with symbols in a folder, as a build does.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="sources">The texts with the paths that they would have.</param>
    /// <param name="generates">Whether the generator takes part.</param>
    public static GeneratedModels InFolder(string folder, IEnumerable<(string Path, string Text)> sources, bool generates = true) => Of(folder, sources, generates);

    private static GeneratedModels Of(string? folder, IEnumerable<(string Path, string Text)> sources, bool generates)
    {
        var compilation = CSharpCompilation.Create(
            "Generated" + Guid.NewGuid().ToString("N"),
            sources.Append(("", "global using System; global using ModelDsl;")).Select(source => CSharpSyntaxTree.ParseText(source.Item2, ParseOptions, source.Item1, Encoding.UTF8)),
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release));
        var driver = CSharpGeneratorDriver.Create(
            generates ? [new ModelGenerator().AsSourceGenerator()] : [], parseOptions: ParseOptions, optionsProvider: new ProjectOptions(Widths.Portable),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true))
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = folder is null
            ? generated.Emit(image)
            : generated.Emit(image, symbols, embeddedTexts: generated.SyntaxTrees.Select(static tree => EmbeddedText.FromSource(tree.FilePath.Length > 0 ? tree.FilePath : "Usings.cs", tree.GetText())), options: new(debugInformationFormat: Microsoft.CodeAnalysis.Emit.DebugInformationFormat.PortablePdb));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Take(20)));
        var steps = driver.GetRunResult().Results.SelectMany(static result => result.TrackedSteps.GetValueOrDefault(ModelGenerator.SpecStep, []));
        return new(Load(folder, generated.AssemblyName!, image, symbols), steps.SelectMany(step => step.Outputs).Select(output => (ModelSpec)output.Value));
    }

    private static Assembly Load(string? folder, string name, MemoryStream image, MemoryStream symbols)
    {
        if (folder is null)
            return Assembly.Load(image.ToArray());
        var path = Path.Combine(folder, name + ".dll");
        File.WriteAllBytes(path, image.ToArray());
        File.WriteAllBytes(Path.ChangeExtension(path, ".pdb"), symbols.ToArray());
        return AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
    }

    /// <summary>The assembly.</summary>
    public Assembly Assembly => assembly;

    /// <summary>What the generator read of a model.</summary>
    public ModelSpec SpecOf(string name) => specs[name];

    /// <summary>A model of its own.</summary>
    public Model Create(string name, int seed, Device device) => (Model)Activator.CreateInstance(assembly.GetType(name, throwOnError: true)!, seed, device)!;
}

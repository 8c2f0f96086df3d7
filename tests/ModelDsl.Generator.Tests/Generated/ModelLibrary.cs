using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Models generated, compiled and loaded in memory: many sources in one compilation, because each costs far more than a model.</summary>
internal sealed class ModelLibrary : IDisposable
{
    private readonly AssemblyLoadContext context = new("generated models", isCollectible: true);
    private readonly Dictionary<string, CompiledType> models;

    private ModelLibrary(byte[] image, IEnumerable<ModelSpec> specs, IReadOnlyDictionary<string, string> files, IReadOnlyCollection<CpuTarget> targets)
    {
        Image = image;
        Files = files;
        using var stream = new MemoryStream(image);
        var assembly = context.LoadFromStream(stream);
        models = specs.ToDictionary(spec => spec.Type.Key, spec => new CompiledType(assembly.GetType(spec.Type.Key, throwOnError: true)!, spec, [.. targets.Select(target => target.Bits).OrderDescending()]));
    }

    /// <summary>The compiled assembly.</summary>
    public byte[] Image { get; }

    /// <summary>The generated files by their hint names.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    public IReadOnlyCollection<string> Names => models.Keys;

    public CompiledType this[string name] => models[name];

    /// <summary>Compiles sources with the generator, with the programs that tests compare; fails with the compiler's messages, and where the generator itself has failed.</summary>
    public static ModelLibrary Of(params string[] sources) => Of(Widths.Compared, sources);

    /// <summary>The same with the programs of some targets alone, which takes as much less time as there are fewer: models throw on all others.</summary>
    public static ModelLibrary Of(IReadOnlyCollection<CpuTarget> targets, params string[] sources) =>
        Of(TestCompilation.Create(TestCompilation.WithoutWarnings, sources), targets);

    /// <summary>The same with the programs that this machine's processor runs by default.</summary>
    public static ModelLibrary OfThisMachine(params string[] sources) => Of([Widths.OfThisMachine], sources);

    /// <summary>The same with programs that check their numbers.</summary>
    public static ModelLibrary WithCheckedNumbers(IReadOnlyCollection<CpuTarget> targets, params string[] sources) =>
        Of(TestCompilation.Create(TestCompilation.WithoutWarnings, sources), targets, "true");

    /// <summary>The same for a compilation with options of its own.</summary>
    public static ModelLibrary Of(Compilation sources) => Of(sources, Widths.Compared);

    private static ModelLibrary Of(Compilation sources, IReadOnlyCollection<CpuTarget> targets, string? checkNumbers = null)
    {
        var driver = Generation.NewDriver(TestCompilation.WithoutWarnings, checkNumbers: checkNumbers).RunGeneratorsAndUpdateCompilation(sources, out var compilation, out var crashes);
        Assert.Empty(crashes);
        var result = Assert.Single(driver.GetRunResult().Results);
        Assert.Null(result.Exception);
        var specs = result.TrackedSteps[ModelGenerator.SpecStep].SelectMany(run => run.Outputs).Select(output => output.Value).OfType<ModelSpec>().ToArray();
        foreach (var spec in specs)
        {
            var problems = ModelCompiler.Check(spec);
            Assert.False(ModelCompiler.StopsGeneration(problems), $"{spec.Type.Name}: {string.Join("; ", problems.Select(problem => $"{problem.Id}: {string.Join(", ", problem.Arguments)}"))}");
        }

        foreach (var model in result.TrackedSteps[ModelGenerator.CompileStep].SelectMany(run => run.Outputs).Select(output => (GeneratedModel)output.Value))
        {
            // What the compiler cannot make is one file, whose members throw; planning it throws here, with the location of the crash.
            if (model.Files.Count > 1) continue;
            ModelCompiler.Plan(specs.Single(spec => spec.Type.Key == model.Key));
            Assert.Fail($"{model.Key} is not generated: {string.Concat(model.Files.Select(file => file.Text))}");
        }

        compilation = LeftOutPrograms.Apply(compilation, specs, [.. CpuTarget.All.Except(targets)], TestCompilation.WithoutWarnings);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(20)));
        var files = result.GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());
        return new ModelLibrary(image.ToArray(), specs, files, targets);
    }

    public void Dispose() => context.Unload();
}

/// <summary>A compiled model.</summary>
/// <param name="Type">Its class.</param>
/// <param name="Spec">What the generator read.</param>
/// <param name="Widths">The vector widths of its programs in bits, the widest first.</param>
internal sealed record CompiledType(Type Type, ModelSpec Spec, IReadOnlyList<int> Widths)
{
    public Model Create(Device device, int seed = 1) => (Model)Activator.CreateInstance(Type, seed, device)!;
}

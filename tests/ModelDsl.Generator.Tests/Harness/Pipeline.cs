using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>The generator's pipeline across edits, to see what an edit makes it do again.</summary>
internal sealed class Pipeline
{
    private readonly List<SyntaxTree> trees;
    private CSharpCompilation compilation;
    private GeneratorDriver driver = Generation.NewDriver();

    public Pipeline(params string[] sources)
    {
        compilation = TestCompilation.Create(sources);
        trees = [.. compilation.SyntaxTrees];
        Run();
    }

    /// <summary>Replaces a source file and runs again.</summary>
    public void Edit(int file, string source)
    {
        var edited = TestCompilation.Parse(source, file);
        compilation = compilation.ReplaceSyntaxTree(trees[file], edited);
        trees[file] = edited;
        Run();
    }

    /// <summary>What a stage did in the last run for the model with this key.</summary>
    public IncrementalStepRunReason Reason(string step, string key) => Outputs(step).Single(output => KeyOf(output.Value) == key).Reason;

    /// <summary>What the last stage, which adds the source files, did for each output.</summary>
    public IEnumerable<IncrementalStepRunReason> OutputReasons() =>
        from step in driver.GetRunResult().Results[0].TrackedOutputSteps
        from run in step.Value
        from output in run.Outputs
        select output.Reason;

    /// <summary>Every value the named stages hand on.</summary>
    public IEnumerable<object> Values() => driver.GetRunResult().Results[0].TrackedSteps
        .Where(step => step.Key is ModelGenerator.SpecStep or ModelGenerator.CompileStep)
        .SelectMany(step => step.Value).SelectMany(run => run.Outputs).Select(output => output.Value);

    private IEnumerable<(object Value, IncrementalStepRunReason Reason)> Outputs(string step) =>
        driver.GetRunResult().Results[0].TrackedSteps[step].SelectMany(run => run.Outputs);

    private static string KeyOf(object value) => value switch
    {
        ModelSpec spec => spec.Type.Key,
        GeneratedModel model => model.Key,
        _ => throw new InvalidOperationException($"No key in a {value.GetType().Name}."),
    };

    private void Run() => driver = driver.RunGenerators(compilation);
}

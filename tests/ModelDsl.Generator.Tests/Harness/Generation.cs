using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>One run of the generator.</summary>
/// <param name="Compilation">The user's sources with the generated ones.</param>
/// <param name="Files">The generated files by their hint names.</param>
internal sealed record Generation(Compilation Compilation, IReadOnlyDictionary<string, string> Files)
{
    public static Generation Of(params string[] sources)
    {
        var driver = NewDriver().RunGeneratorsAndUpdateCompilation(TestCompilation.Create(sources), out var compilation, out var crashes);
        Assert.Empty(crashes);
        var result = Assert.Single(driver.GetRunResult().Results);
        Assert.Null(result.Exception);
        return new(compilation, result.GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString()));
    }

    /// <summary>The compiled result; fails with the compiler's messages when there are errors.</summary>
    public Assembly Load() => TestCompilation.Load(Compilation);

    /// <param name="options">How sources are parsed.</param>
    /// <param name="widths">The vector widths of programs; null for all.</param>
    /// <param name="checkNumbers">The property with which training steps check their numbers; null where it is not set.</param>
    internal static GeneratorDriver NewDriver(CSharpParseOptions? options = null, string? widths = null, string? checkNumbers = null) => CSharpGeneratorDriver.Create(
        [new ModelGenerator().AsSourceGenerator()],
        parseOptions: options ?? TestCompilation.ParseOptions,
        optionsProvider: new ProjectOptions(widths, checkNumbers),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}

using System.Collections.Immutable;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Diagnostics;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>Compiles a model under the settings of a project file, with generator and analyzer.</summary>
internal static class ProjectSettings
{
    private const string Model = "using ModelDsl; [Model, Input(4), Dense(2), MeanSquaredError] public sealed partial class Net { static Net Create() { return new Net(); } }";

    /// <summary>Errors of ours and of the C# compiler under properties as a project file has them.</summary>
    /// <param name="properties">Such as <c>&lt;LangVersion&gt;11&lt;/LangVersion&gt;</c>.</param>
    public static async Task<IReadOnlyList<Diagnostic>> Report(string properties)
    {
        var values = XElement.Parse($"<PropertyGroup>{properties}</PropertyGroup>").Elements().ToDictionary(element => element.Name.LocalName, element => element.Value);
        Assert.True(LanguageVersionFacts.TryParse(values.GetValueOrDefault("LangVersion", "latest"), out var language));
        var parsing = new CSharpParseOptions(language);
        var empty = TestCompilation.Create();
        var compilation = empty.RemoveAllSyntaxTrees().AddSyntaxTrees(TestCompilation.Parse(Model, 0, parsing))
            .WithOptions(empty.Options.WithAllowUnsafe(values.GetValueOrDefault("AllowUnsafeBlocks") != "false"));
        var options = new ProjectOptions(values.GetValueOrDefault("ModelDslVectorWidths"));
        CSharpGeneratorDriver.Create([new ModelGenerator().AsSourceGenerator()], parseOptions: parsing, optionsProvider: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        var analysis = await generated.WithAnalyzers([new ModelAnalyzer()], new AnalyzerOptions(ImmutableArray<AdditionalText>.Empty, options)).GetAnalyzerDiagnosticsAsync();
        return [.. analysis.Concat(generated.GetDiagnostics()).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
    }
}

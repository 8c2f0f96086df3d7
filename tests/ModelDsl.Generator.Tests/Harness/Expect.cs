using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Diagnostics;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>
/// What is reported for sources: ours, and errors of the C# compiler. <see cref="ModelTest"/> holds it to markup; a report without markup is for sources of which
/// something else is asked than where everything stands.
/// </summary>
internal static class Expect
{
    /// <summary>Exactly the diagnostics of the markup, on exactly its characters; gives them in source order.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> Diagnostics(params string[] markup)
    {
        var test = new ModelTest(markup);
        await test.RunAsync();
        return test.Found;
    }

    /// <summary>One diagnostic where the markup says, whose message contains each text.</summary>
    public static async Task Message(string markup, params string[] texts)
    {
        var message = Assert.Single(await Diagnostics(markup)).GetMessage(CultureInfo.InvariantCulture);
        foreach (var text in texts) Assert.Contains(text, message, StringComparison.Ordinal);
    }

    /// <summary>What is reported for sources without markup.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="editorConfig">The settings of an .editorconfig.</param>
    /// <param name="widths">The vector widths of programs; null for all.</param>
    /// <param name="files">The additional files of the project.</param>
    public static async Task<IReadOnlyList<Diagnostic>> Report(IReadOnlyList<string> sources, string editorConfig = "", string? widths = Widths.Portable, IReadOnlyList<AdditionalText>? files = null)
    {
        var parsing = TestCompilation.WithoutWarnings;
        Compilation compilation = TestCompilation.Create(parsing, [.. sources]);
        compilation = compilation.WithOptions(compilation.Options.WithSyntaxTreeOptionsProvider(new EditorConfig(editorConfig)));
        Generation.NewDriver(parsing, widths).RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var crashes);
        Assert.Empty(crashes);

        ImmutableArray<DiagnosticAnalyzer> analyzers = [new ModelAnalyzer(), new ModelSuppressor()];
        var analysis = await generated.WithAnalyzers(analyzers, new AnalyzerOptions([.. files ?? []])).GetAnalyzerDiagnosticsAsync();
        var errors = generated.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return [.. analysis.Concat(errors).OrderBy(diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(found => found.Location.SourceSpan.Start)];
    }
}

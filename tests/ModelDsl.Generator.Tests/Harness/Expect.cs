using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Diagnostics;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>
/// Compiles sources with generator and analyzer as an editor would, and holds what is reported (ours, and errors of the C# compiler) to the
/// markup.
/// </summary>
internal static class Expect
{
    /// <summary>Exactly the diagnostics of the markup, at exactly their places; gives them in source order.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> Diagnostics(params string[] markup)
    {
        var files = markup.Select(Markup.Parse).ToList();
        var actual = await Report([.. files.Select(file => file.Source)]);
        var expected = files.SelectMany(file => file.Expected).Select(mark => Describe(mark, files[mark.File].Source)).Order().ToList();
        var found = actual.Select(diagnostic => Describe(Place(diagnostic), Text(diagnostic))).Order().ToList();
        Assert.True(expected.SequenceEqual(found),
            $"Expected:\n{string.Join('\n', expected)}\n\nFound:\n{string.Join('\n', actual.Select(diagnostic => diagnostic.ToString()))}");
        return actual;
    }

    /// <summary>One diagnostic where the markup says, whose message contains each text.</summary>
    public static async Task Message(string markup, params string[] texts)
    {
        var message = Assert.Single(await Diagnostics(markup)).GetMessage(CultureInfo.InvariantCulture);
        foreach (var text in texts) Assert.Contains(text, message, StringComparison.Ordinal);
    }

    /// <summary>What is reported for sources without markup, optionally under the settings of an .editorconfig.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> Report(IReadOnlyList<string> sources, string editorConfig = "", params DiagnosticAnalyzer[] others)
    {
        var parsing = TestCompilation.WithoutWarnings;
        Compilation compilation = TestCompilation.Create(parsing, [.. sources]);
        compilation = compilation.WithOptions(compilation.Options.WithSyntaxTreeOptionsProvider(new EditorConfig(editorConfig)));
        Generation.NewDriver(parsing).RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var crashes);
        Assert.Empty(crashes);

        ImmutableArray<DiagnosticAnalyzer> analyzers = [new ModelAnalyzer(), new ModelSuppressor(), .. others];
        var analysis = await generated.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync();
        var errors = generated.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return [.. analysis.Concat(errors).OrderBy(found => Place(found).File).ThenBy(found => found.Location.SourceSpan.Start)];
    }

    private static Expectation Place(Diagnostic diagnostic)
    {
        var path = diagnostic.Location.SourceTree?.FilePath ?? "";
        var isTest = path.StartsWith("Test", StringComparison.Ordinal);
        var file = isTest && int.TryParse(path.AsSpan(4, path.Length - 7), out var index) ? index : -1;
        return new(diagnostic.Id, file, diagnostic.Location.SourceSpan);
    }

    private static string Text(Diagnostic diagnostic) => diagnostic.Location.SourceTree?.ToString() ?? "";

    private static string Describe(Expectation mark, string source)
    {
        var text = mark.Span.End <= source.Length ? source.Substring(mark.Span.Start, mark.Span.Length) : "";
        return $"{mark.File}:{mark.Span.Start} {mark.Id} '{text}'";
    }
}

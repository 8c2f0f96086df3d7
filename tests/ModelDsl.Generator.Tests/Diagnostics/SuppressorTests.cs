using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

public class SuppressorTests
{
    [Theory]
    [InlineData("[Block, Dense(2)] partial class Left { static void M() { } }", true)]
    [InlineData("[Model, Input(4), Dense(2), MeanSquaredError] partial class Net { static void M() { } }", true)]
    [InlineData("class Plain { static void M() { } }", false)]
    [InlineData("[Block, Dense(2)] partial class Left { class Plain { static void M() { } } }", false)]
    public async Task Rules_that_do_not_know_networks_are_silent_in_them(string source, bool silent)
    {
        var found = await Expect.Report([source], others: new Reporter());
        Assert.Equal(!silent, found.Any(diagnostic => diagnostic.Id == "IDE0051"));
        Assert.Equal(!silent, found.Any(diagnostic => diagnostic.Id == "CA1822"));
        if (!source.Contains("{ class", StringComparison.Ordinal)) Assert.Equal(!silent, found.Any(diagnostic => diagnostic.Id == "CA1812"));
    }

    [Theory]
    [InlineData("[Block] partial class Part(int width) { Tensor Forward(Tensor x) => x; }", true)]
    [InlineData("class Plain(int width);", false)]
    public async Task A_warning_of_the_compiler_is_silent_in_them(string source, bool silent)
    {
        var compilation = TestCompilation.Create(source);
        Assert.Contains(compilation.GetDiagnostics(), diagnostic => diagnostic.Id == "CS9113");
        var found = await compilation.WithAnalyzers([new ModelSuppressor()]).GetAllDiagnosticsAsync();
        Assert.Equal(!silent, found.Any(diagnostic => diagnostic is { Id: "CS9113", IsSuppressed: false }));
    }

    /// <summary>Reports every class as never created and every method as unused.</summary>
#pragma warning disable RS1029, RS1036, RS1038, RS1041, RS2008 // It is no analyzer to ship.
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class Reporter : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor NeverCreated = new("CA1812", "", "", "", DiagnosticSeverity.Warning, true);
        private static readonly DiagnosticDescriptor NotStatic = new("CA1822", "", "", "", DiagnosticSeverity.Warning, true);
        private static readonly DiagnosticDescriptor Unused = new("IDE0051", "", "", "", DiagnosticSeverity.Warning, true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [NeverCreated, NotStatic, Unused];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSymbolAction(symbol => Report(symbol, NeverCreated), SymbolKind.NamedType);
            context.RegisterSymbolAction(symbol => Report(symbol, NotStatic), SymbolKind.Method);
            context.RegisterSymbolAction(symbol => Report(symbol, Unused), SymbolKind.Method);
        }

        private static void Report(SymbolAnalysisContext context, DiagnosticDescriptor descriptor) =>
            context.ReportDiagnostic(Diagnostic.Create(descriptor, context.Symbol.Locations[0]));
    }
}

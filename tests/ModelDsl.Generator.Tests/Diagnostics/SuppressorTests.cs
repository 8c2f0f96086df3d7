using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

public class SuppressorTests
{
    [Theory]
    [InlineData("[Block, Dense(2)] partial class {|CA1812:Left|} { static void {|CA1822:{|IDE0051:M|}|}() { } }", true)]
    [InlineData("[Model, Input(4), Dense(2), MeanSquaredError] partial class {|CA1812:Net|} { static void {|CA1822:{|IDE0051:M|}|}() { } }", true)]
    [InlineData("class {|CA1812:Plain|} { static void {|CA1822:{|IDE0051:M|}|}() { } }", false)]
    public Task Rules_that_do_not_know_networks_are_silent_in_them(string source, bool silent) => MustBe(silent, new ModelTest(source) { Others = [new Reporter(), new ModelSuppressor()] }, 3);

    [Fact]
    public async Task A_class_inside_a_network_is_none()
    {
        var test = new ModelTest("[Block, Dense(2)] partial class {|CA1812:Left|} { class {|CA1812:Plain|} { static void {|CA1822:{|IDE0051:M|}|}() { } } }")
        {
            Others = [new Reporter(), new ModelSuppressor()],
        };
        await test.RunAsync();
        Assert.Equal([true, false, false, false], test.Found.Select(diagnostic => diagnostic.IsSuppressed));
    }

    [Theory]
    [InlineData("[Block] partial class Part(int {|CS9113:width|}) { Tensor Forward(Tensor x) => x; }", true)]
    [InlineData("class Plain(int {|CS9113:width|});", false)]
    public Task A_warning_of_the_compiler_is_silent_in_them(string source, bool silent) =>
        MustBe(silent, new ModelTest(source) { Others = [new ModelSuppressor()], CompilerDiagnostics = CompilerDiagnostics.Warnings }, 1);

    private static async Task MustBe(bool silent, ModelTest test, int count)
    {
        await test.RunAsync();
        Assert.Equal(count, test.Found.Count);
        Assert.All(test.Found, diagnostic => Assert.Equal(silent, diagnostic.IsSuppressed));
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

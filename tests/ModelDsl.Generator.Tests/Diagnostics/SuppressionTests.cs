using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

public class SuppressionTests
{
    private const string Wrong = "[Model, Input(4), Dense(0), MeanSquaredError] partial class Net;";
    private const string Questionable = "[Dense(2)] partial class Net;";

    [Fact]
    public Task A_pragma_silences_a_diagnostic() =>
        Expect.Diagnostics($"#pragma warning disable MDSL0009\n{Questionable}\n#pragma warning restore MDSL0009");

    [Fact]
    public Task A_pragma_ends_where_it_ends() => Expect.Diagnostics(
        $$"""
        #pragma warning disable MDSL0010
        {{Wrong}}
        #pragma warning restore MDSL0010
        [Model, Input(4), Dense({|MDSL0010:0|}), MeanSquaredError] partial class Net2;
        """);

    [Theory]
    [InlineData("[Model, Input(4), Dense({|MDSL0010:0|}), MeanSquaredError] class {|MDSL0001:Net|}; [Model] partial class {|MDSL0020:Empty|};")]
    [InlineData("[Dense(2)] partial class {|MDSL0009:Net|};")]
    public Task A_pragma_at_the_beginning_of_a_file_silences_all_that_are_named(string source) =>
        new ModelTest(source) { TestBehaviors = TestBehaviors.SkipGeneratedSourcesCheck }.RunAsync();

    [Fact]
    public Task A_SuppressMessage_attribute_silences_a_diagnostic() =>
        Expect.Diagnostics("[System.Diagnostics.CodeAnalysis.SuppressMessage(\"ModelDsl\", \"MDSL0009\")] " + Questionable);

    [Theory]
    [InlineData("none", null)]
    [InlineData("suggestion", DiagnosticSeverity.Info)]
    [InlineData("warning", DiagnosticSeverity.Warning)]
    [InlineData("error", DiagnosticSeverity.Error)]
    public async Task An_editorconfig_sets_the_severity(string setting, DiagnosticSeverity? expected)
    {
        var found = await Expect.Report([Questionable], $"[*.cs]\ndotnet_diagnostic.MDSL0009.severity = {setting}\n");
        Assert.Equal(expected, found.SingleOrDefault()?.Severity);
    }

    [Fact]
    public async Task Locations_are_in_source()
    {
        var diagnostic = Assert.Single(await Expect.Report([Wrong]));
        Assert.Equal(LocationKind.SourceFile, diagnostic.Location.Kind);
        Assert.Equal("https://github.com/modeldsl/modeldsl/blob/main/docs/diagnostics/MDSL0010.md", diagnostic.Descriptor.HelpLinkUri);
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

public class InternalErrorTests
{
    [Fact]
    public void A_crash_becomes_one_problem_at_the_class_name()
    {
        var compilation = TestCompilation.Create("namespace A; [Model, Input(4), Dense(2), MeanSquaredError] partial class Net;");
        var spec = ModelParser.ReadModel(compilation.GetTypeByMetadataName("A.Net")!, compilation, default);
        var problem = Assert.Single(ModelCompiler.Guarded(spec, () => throw new InvalidOperationException("No.")));
        Assert.Equal(Descriptors.InternalError.Id, problem.Id);
        Assert.Equal(Site.OfType("A.Net"), problem.Site);
        Assert.Equal(["Net", "InvalidOperationException: No"], problem.Arguments);
    }

    [Fact]
    public async Task A_crash_of_the_generator_is_reported_by_the_analyzer()
    {
        const string Source = "[Model, Input(4), Dense(2), MeanSquaredError] partial class Net; [Model, Input(4), MeanSquaredError] partial class Other;";
        var compilation = TestCompilation.Create(Source);
        var spec = ModelParser.ReadModel(compilation.GetTypeByMetadataName("Net")!, compilation, default);
        var text = BrokenModelWriter.Write(spec, "It failed.", "InvalidOperationException: No");
        var path = typeof(ModelGenerator).FullName + "/Net.g.cs";
        var generated = compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(text, TestCompilation.ParseOptions, path));
        Assert.DoesNotContain(generated.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

        var found = Assert.Single(await generated.WithAnalyzers([new ModelAnalyzer()]).GetAnalyzerDiagnosticsAsync());
        Assert.Equal(Descriptors.InternalError.Id, found.Id);
        Assert.Equal("Net", Source.Substring(found.Location.SourceSpan.Start, found.Location.SourceSpan.Length));
        Assert.Contains("in 'Net': InvalidOperationException: No.", found.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_is_not_a_crash()
    {
        var compilation = TestCompilation.Create("[Model] partial class Net;");
        var spec = ModelParser.ReadModel(compilation.GetTypeByMetadataName("Net")!, compilation, default);
        Assert.Throws<OperationCanceledException>(() => ModelCompiler.Guarded(spec, () => throw new OperationCanceledException()));
    }
}

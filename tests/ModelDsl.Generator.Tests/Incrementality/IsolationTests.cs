using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Emit;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Incrementality;

/// <summary>A failure affects one model only: the generator writes all others.</summary>
public class IsolationTests
{
    private const string Layers = "[Model, Input(4), Dense(2), MeanSquaredError]";
    private const string Beside = Layers + " public partial class Beside;";

    [Theory]
    [InlineData(Layers + " partial class Net; [Model] partial class Net;")]
    [InlineData(Layers + " partial class Net; " + Layers + " partial class net;")]
    [InlineData("file partial class Outer { " + Layers + " partial class Net; }")]
    [InlineData("file partial class Outer { [Weight(3)] partial Tensor W { get; } }")]
    [InlineData(Layers + " partial struct Net;")]
    [InlineData(Layers + " partial interface INet;")]
    [InlineData(Layers + " partial class Net; " + Layers + " partial record Net;")]
    [InlineData(Layers + " partial class Net { " + Layers + " internal partial class Avx512; }")]
    [InlineData("partial class A { " + Layers + " internal partial class B; } " + Layers + " partial class AB; " + Layers + " partial class A_B; ")]
    [InlineData("[Block] partial class B { [Weight(3)] partial Tensor W { get; } [Weight(3)] partial Tensor w { get; } [Weight(3)] partial Tensor W { get; } }")]
    [InlineData("class B { [Weight(3)] partial Tensor W { get; } }")]
    [InlineData("record B { [Weight(3)] partial Tensor W { get; } }")]
    [InlineData("namespace A { " + Layers + " partial class Net; } namespace a { " + Layers + " partial class Net; }")]
    [InlineData(Layers + " partial class größe; " + Layers + " partial class GRÖSSE; " + Layers + " partial class 变量; " + Layers + " partial class İ; " + Layers + " partial class i; " + Layers + " partial class ı; ")]
    [InlineData(Layers + " partial class ;")]
    [InlineData("partial class { " + Layers + " partial class Net; }")]
    [InlineData(Layers + " public partial ) Net { [Weight(0)] private static partial Tensor Predict { get; } }")]
    [InlineData(Layers + " protected internal partial class Net;")]
    [InlineData(Layers + " private partial class Net;")]
    [InlineData("partial class Outer { file partial class Outer { " + Layers + " partial class Net; } }")]
    [InlineData(Layers + " partial class Net : object;")]
    public async Task Others_compile(string source)
    {
        var found = (await Expect.Report([source, Beside])).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        Assert.All(found, diagnostic => Assert.Equal("Test0.cs", diagnostic.Location.SourceTree?.FilePath));
        Assert.Equal(5, Generation.Of(source, Beside).Files.Keys.Count(name => name.StartsWith("Beside.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Layers + " partial class Net; " + Layers + " partial class net;")]
    [InlineData("partial class A { " + Layers + " internal partial class B; } " + Layers + " partial class AB; " + Layers + " partial class A_B; namespace A_ { " + Layers + " partial class B; }")]
    [InlineData("namespace A { " + Layers + " partial class Net; } namespace a { " + Layers + " partial class Net; }")]
    [InlineData(Layers + " partial class Net { " + Layers + " internal partial class Avx512; }")]
    public Task Names_that_are_nearly_the_same_are_no_mistake(string source) => Expect.Diagnostics(source);

    [Fact]
    public void A_long_name_has_files_that_a_file_system_takes()
    {
        var name = new string('L', 500);
        var generation = Generation.Of($"namespace {new string('变', 100)} {{ {Layers} public partial class {name}; }}");
        Assert.All(generation.Files.Keys, file => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(file), 1, 200));
        Assert.NotNull(generation.Load());
    }

    [Fact]
    public void A_long_name_of_a_layer_is_one_that_metadata_takes() =>
        Assert.NotNull(Generation.Of($"[Model, Input(4), Dense(3, Name = \"{new string('l', 2000)}\"), Relu, Dense(2), MeanSquaredError] public partial class Net;").Load());

    [Fact]
    public void Files_of_a_project_differ_in_more_than_the_letter_case()
    {
        var stems = HintNames.Assign(["A.B", "a.b", "A.B+Avx512", "A_B", "<x>A", "_x_A", new string('z', 500) + "a", new string('z', 500) + "b"], ["A.B.W", "A.B.w", "A.B.Avx512"]);
        var files = stems.SelectMany(stem => (stem.Key is "A.B.W" or "A.B.w" or "A.B.Avx512" ? [HintNames.WeightSuffix] : ProgramNames.Suffixes).Select(suffix => HintNames.File(stem.Stem, suffix))).ToList();
        Assert.Equal(files.Count, files.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("A.B.g.cs", files);
    }

    public static TheoryData<string> Failing => ["reading", "compiling", "both"];

    /// <summary>A failure of the compiler itself, wherever it is, is one error at the model at which it fails.</summary>
    [Theory]
    [MemberData(nameof(Failing))]
    public async Task A_stage_that_fails_for_one_model_works_for_the_others(string stage)
    {
        var stages = new Stages
        {
            Reading = (type, compilation, cancellation) => type.Name == "Net" && stage != "compiling" ? throw new InvalidOperationException("No") : ModelParser.ReadModel(type, compilation, cancellation),
            Compiling = (spec, targets, cancellation) => spec.Type.Name == "Net" && stage != "reading" ? throw new InvalidOperationException("No") : ModelCompiler.Compile(spec, targets, cancellation),
        };
        var driver = CSharpGeneratorDriver.Create([new ModelGenerator(stages).AsSourceGenerator()], parseOptions: TestCompilation.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(TestCompilation.Create(Layers + " public partial class Net;", Beside), out var compilation, out var crashes);
        Assert.Empty(crashes);
        Assert.Equal(6, driver.GetRunResult().GeneratedTrees.Length);
        Assert.DoesNotContain(compilation.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        var found = Assert.Single(await compilation.WithAnalyzers([new ModelAnalyzer()]).GetAnalyzerDiagnosticsAsync());
        Assert.Equal(Descriptors.InternalError.Id, found.Id);
        Assert.Contains("InvalidOperationException: No", found.GetMessage(null), StringComparison.Ordinal);
        Assert.Equal("Test0.cs", found.Location.SourceTree!.FilePath);
    }
}

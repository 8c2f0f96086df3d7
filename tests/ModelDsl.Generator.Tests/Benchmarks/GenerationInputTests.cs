using ModelDsl.Benchmarks.Generation;
using ModelDsl.Generator.Tests.Documentation;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Benchmarks;

/// <summary>What the benchmarks of the generator measure: models, not errors.</summary>
public class GenerationInputTests
{
    [StandardFact]
    public void A_network_of_the_benchmarks_is_generated()
    {
        var compilation = GenerationInput.Compilation([GenerationInput.Parse(File.ReadAllText(Path.Combine(Page.Root, "benchmarks", "build-time", "MobileNetV2.cs")))]);

        var files = GenerationInput.Warm(compilation).GetRunResult().GeneratedTrees.Select(tree => Path.GetFileName(tree.FilePath));

        Assert.Contains("BuildTime.MobileNetV2.Avx512.g.cs", files);
    }

    [Theory]
    [InlineData("[Model, Input(16), Reshape(3, 3), Flatten, Dense(2), SoftmaxCrossEntropy] public sealed partial class Net;", "error MDSL0012")]
    [InlineData("[Model, Input(16), Dense(Width), SoftmaxCrossEntropy] public sealed partial class Net;", "error CS0103")]
    public void A_model_with_an_error_is_not_measured(string source, string error)
    {
        var compilation = GenerationInput.Compilation([GenerationInput.Parse(source)]);

        Assert.Contains(error, Assert.Throws<InvalidOperationException>(() => GenerationInput.Check(compilation)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => GenerationInput.Warm(compilation));
    }
}

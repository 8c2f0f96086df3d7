using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>The generated code that <c>docs/generated-code.md</c> shows is what the generator writes.</summary>
public class GeneratedCodeTests
{
    [Fact]
    public void The_generated_code_is_real()
    {
        const string Model = "[Model, Input(784), Dense(256), Relu, Dense(128), Relu, Dense(10), SoftmaxCrossEntropy] public sealed partial class MlpModel;";
        var lines = Generation.Of(Model).Files.Values.SelectMany(file => file.Split('\n')).Select(line => line.Trim()).ToHashSet();
        var excerpt = Assert.Single(Page.Of("docs/generated-code.md").Blocks, block => block.Role == "excerpt");
        var shown = excerpt.Code.Text.Split('\n').Select(line => line.Trim()).Where(line => line != "…").ToArray();
        Assert.True(shown.Length > 20);
        Assert.All(shown, line => Assert.Contains(line, lines));
    }
}

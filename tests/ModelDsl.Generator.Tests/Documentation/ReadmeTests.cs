using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>The code in <c>README.md</c> compiles, and the mistake there is reported as it is shown.</summary>
public partial class ReadmeTests
{
    private const string NotAProgram = "CS8805";

    private static readonly string Readme = File.ReadAllText(Path.Combine(FolderOfTests(), "..", "..", "..", "README.md")).ReplaceLineEndings("\n");

    [Fact]
    public async Task The_program_compiles()
    {
        // Tests compile libraries, where statements have no place; there must be no other error.
        var program = Block("A model and its training", 0).Replace("[Model]", $"{Loop()}\n[Model]", StringComparison.Ordinal);
        var error = Assert.Single(await Expect.Report([program]));
        Assert.Equal(NotAProgram, error.Id);

        string Loop() => $"static void Loop(Dataset train, Model model, Optimizer optimizer)\n{{\n{Block("A model and its training", 1)}}}\n";
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_models_compile(int block) => Assert.Empty(await Expect.Report([Block("A model and its training", block)]));

    [Fact]
    public async Task The_code_for_pictures_compiles()
    {
        var statements = Block("Pictures", 0).Replace("using ModelDsl.Images;\n", "", StringComparison.Ordinal);
        var program = $$"""
            using ModelDsl.Images;
            static class Program { static void Run(Trainer trainer, Photos model) { {{statements}} } }
            [Model, Input(150, 150, 3), Flatten, Dense(2), SoftmaxCrossEntropy] public sealed partial class Photos;
            """;
        Assert.Empty(await Expect.Report([program]));
    }

    [Fact]
    public async Task The_mistake_is_reported_as_shown()
    {
        var error = Assert.Single(await Expect.Report([Block("A mistake", 0)]));
        // The README leaves out the line that imports the namespace.
        var place = error.Location.GetLineSpan().StartLinePosition;
        var shown = $"Model.cs({place.Line + 3},{place.Character + 1}): error {error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}";
        Assert.Equal(Spaces().Replace(Block("A mistake", 1), " ").Trim(), shown);
    }

    [Fact]
    public void The_generated_code_is_real()
    {
        const string Model = "[Model, Input(784), Dense(256), Relu, Dense(128), Relu, Dense(10), SoftmaxCrossEntropy] public sealed partial class MlpModel;";
        var text = Generation.Of(Model).Files["MlpModel.Avx512.g.cs"];
        var lines = text.Split('\n').Select(line => line.Trim()).ToHashSet();
        var shown = Block("The generated code", 0).Split('\n').Select(line => line.Trim());
        Assert.All(shown.Where(line => line != "…"), line => Assert.Contains(line, lines));
    }

    private static string Block(string section, int index)
    {
        var start = Readme.IndexOf($"\n## {section}\n", StringComparison.Ordinal);
        return Blocks().Matches(Readme, start)[index].Groups[1].Value;
    }

    private static string FolderOfTests([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("```(?:csharp)?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

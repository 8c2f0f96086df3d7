using System.Text.RegularExpressions;

namespace ModelDsl.Package.Tests;

/// <summary>The package as those get it who do not have the repository.</summary>
public sealed partial class PackageTests(FreshProject project) : IClassFixture<FreshProject>
{
    private const string Use = """
        using ModelDsl;

        float[] x = [.. Enumerable.Range(0, 64).Select(i => (i / 32f) - 1)];
        float[] y = [.. x.Select(value => (2 * value) + 0.5f)];
        using var line = new Line(seed: 1);
        new Trainer(new Sgd(0.2)) { Epochs = 200, BatchSize = 64 }.Fit(line, Dataset.FromArrays(x, y));
        line.Save("line.safetensors");
        using var again = Line.FromFile("line.safetensors");
        Console.WriteLine(FormattableString.Invariant($"{again.Predict([0.25f])[0]:0.00}"));

        """;

    [Fact]
    public void It_holds_attributes_runtime_and_compiler()
    {
        string[] expected =
        [
            "README.md",
            "analyzers/dotnet/cs/ModelDsl.CodeFixes.dll", "analyzers/dotnet/cs/ModelDsl.Generator.dll",
            "build/ModelDsl.props", "build/ModelDsl.targets", "buildTransitive/ModelDsl.props", "buildTransitive/ModelDsl.targets",
            "lib/net10.0/ModelDsl.Attributes.dll", "lib/net10.0/ModelDsl.Attributes.xml",
            "lib/net10.0/ModelDsl.Runtime.dll", "lib/net10.0/ModelDsl.Runtime.xml",
        ];
        Assert.Equal(expected, project.PackageContent().Where(IsOurs).Order(StringComparer.Ordinal));

        // The rest belongs to the format.
        static bool IsOurs(string path) => path.Contains('/', StringComparison.Ordinal)
            ? !path.StartsWith("_rels/", StringComparison.Ordinal) && !path.StartsWith("package/", StringComparison.Ordinal)
            : path == "README.md";
    }

    [Fact]
    public void A_fresh_project_trains_a_model()
    {
        var build = project.Build(Use + "[Model, Input(1), Dense(1), MeanSquaredError]\npublic sealed partial class Line;\n");
        Assert.True(build.ExitCode == 0, build.Output);

        var run = project.Run();
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal("1.00", run.Output.Trim());
    }

    [Fact]
    public void A_wrong_shape_is_one_error()
    {
        var build = project.Build(Use + "[Model, Input(1), Dense(8), Reshape(3, 3), Dense(1), MeanSquaredError]\npublic sealed partial class Line;\n");
        Assert.NotEqual(0, build.ExitCode);
        var error = Assert.Single(Errors().Matches(build.Output).Select(match => match.Value).Distinct());
        Assert.StartsWith("Program.cs(10,37): error MDSL0012: Reshape to [N, 3, 3] needs 9 values per sample", error, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"[^\s/\\]+\(\d+,\d+\): error .*")]
    private static partial Regex Errors();
}

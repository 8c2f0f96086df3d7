using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using ModelDsl.Tests.Shared;

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

    /// <summary>A program in an old C#, so that nothing but the generated code needs a newer one.</summary>
    private const string Old = """
        using System;
        using ModelDsl;

        [Model, Input(1), Dense(1), MeanSquaredError]
        public sealed partial class Line
        {
        }

        public static class Program
        {
            public static void Main()
            {
                using (var line = new Line(seed: 1)) Console.WriteLine(line.Predict(new float[1]).Length);
            }
        }

        """;

    [Fact]
    public void It_holds_attributes_runtime_and_compiler()
    {
        string[] expected =
        [
            "README.md",
            "analyzers/dotnet/cs/ModelDsl.CodeFixes.dll", "analyzers/dotnet/cs/ModelDsl.Generator.dll",
            "build/net10.0/ModelDsl.props", "build/net10.0/ModelDsl.targets", "buildTransitive/net10.0/ModelDsl.props", "buildTransitive/net10.0/ModelDsl.targets",
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
    public void It_names_the_repository_and_the_commit_it_was_built_from()
    {
        var repository = project.Manifest("ModelDsl").Descendants().Single(element => element.Name.LocalName == "repository");
        Assert.Equal("git", repository.Attribute("type")?.Value);
        Assert.Equal("https://github.com/modeldsl/modeldsl", repository.Attribute("url")?.Value);

        // A copy of the sources without their history has no commit.
        if (Path.Exists(Path.Combine(PackageFeed.RepositoryRoot()!, ".git"))) Assert.Matches("^[0-9a-f]{40}$", repository.Attribute("commit")?.Value);
    }

    [Fact]
    public void Debuggers_find_symbols_of_every_assembly()
    {
        Assert.Equal(["lib/net10.0/ModelDsl.Runtime.pdb"], project.SymbolContent("ModelDsl").Where(path => path.EndsWith(".pdb", StringComparison.Ordinal)));
        string[] embedded = ["lib/net10.0/ModelDsl.Attributes.dll", "analyzers/dotnet/cs/ModelDsl.Generator.dll", "analyzers/dotnet/cs/ModelDsl.CodeFixes.dll"];
        Assert.All(embedded, path =>
        {
            using var assembly = new PEReader(new MemoryStream(project.ReadContent("ModelDsl", path)));
            Assert.Contains(assembly.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        });
    }

    [Fact]
    public void A_fresh_project_trains_a_model()
    {
        var build = project.Build(Use + "[Model, Input(1), Dense(1), MeanSquaredError]\npublic sealed partial class Line;\n");
        Assert.True(build.ExitCode == 0, build.Output);

        var run = project.Run();
        Assert.True(run.ExitCode == 0, run.Output);
        var lines = run.Output.TrimEnd().Split('\n');
        Assert.StartsWith("Epoch 200/200  loss ", lines[^2], StringComparison.Ordinal);
        Assert.Equal("1.00", lines[^1].Trim());
    }

    [StandardFact]
    public void A_weights_file_is_checked_and_copied()
    {
        const string Reader = "using ModelDsl;\n\nusing var line = Line.FromWeights();\nConsole.WriteLine(FormattableString.Invariant($\"{line.Predict([0.25f])[0]:0.00}\"));\n\n"
            + "[Model(PredictionOnly = true), Weights(\"two.safetensors\"), Input(1), Dense(1)]\npublic sealed partial class Line;\n";
        var targets = Path.Combine(project.Folder, "weights.targets");
        var items = $"-p:CustomBeforeMicrosoftCommonTargets={targets}";
        File.WriteAllText(targets, "<Project><ItemGroup><ModelDslWeights Include=\"two.safetensors\" /></ItemGroup></Project>");
        WriteWeights("""{"__metadata__":{"note":"{\"a\":{}}"},"dense1.weight":{"dtype":"F32","shape":[1, 1],"data_offsets":[0,4]},"dense1.bias":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 2, 0.5f);

        var build = project.Build(Reader, items);
        Assert.True(build.ExitCode == 0, build.Output);
        Assert.Equal("1.00", project.Run().Output.Trim());

        WriteWeights("""{"dense1.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}""", 2, 0.5f);
        build = project.Build(Reader, items);
        Assert.NotEqual(0, build.ExitCode);
        var errors = Errors().Matches(build.Output).Select(match => match.Value.Split(" [")[0]).Distinct().Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, errors.Length);
        Assert.StartsWith("Program.cs(6,32): error MDSL0103: 'two.safetensors' lacks weights of 'Line': 'dense1.bias'", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("Program.cs(6,32): error MDSL0105: 'two.safetensors' has weights of 'Line' in other shapes: 'dense1.weight' is", errors[1], StringComparison.Ordinal);
    }

    private void WriteWeights(string header, params float[] values)
    {
        using var writer = new BinaryWriter(File.Create(Path.Combine(project.Folder, "two.safetensors")));
        writer.Write((long)header.Length);
        writer.Write(System.Text.Encoding.ASCII.GetBytes(header));
        foreach (var value in values) writer.Write(value);
    }

    [Fact]
    public void A_wrong_shape_is_one_error()
    {
        var build = project.Build(Use + "[Model, Input(1), Dense(8), Reshape(3, 3), Dense(1), MeanSquaredError]\npublic sealed partial class Line;\n");
        Assert.NotEqual(0, build.ExitCode);
        var error = Assert.Single(Errors().Matches(build.Output).Select(match => match.Value).Distinct());
        Assert.StartsWith("Program.cs(10,37): error MDSL0012: Reshape to [N, 3, 3] needs 9 values per sample", error, StringComparison.Ordinal);
    }

    [StandardTheory]
    [InlineData("net8.0")]
    [InlineData("netstandard2.0")]
    public void An_older_framework_is_an_error_of_the_restore(string framework)
    {
        var restore = project.Restore($"-p:TargetFramework={framework}", "-p:OutputType=Library");
        Assert.NotEqual(0, restore.ExitCode);
        Assert.Contains("error NU1202: Package ModelDsl ", restore.Output, StringComparison.Ordinal);
    }

    [StandardTheory]
    [InlineData("-p:LangVersion=8", "CSC : error MDSL0075: ModelDsl generates C# 12.0, but this project is compiled as C# 8.0; remove LangVersion")]
    [InlineData("-p:AllowUnsafeBlocks=false", "CSC : error MDSL0076: The kernels that ModelDsl generates use pointers")]
    [InlineData("-p:ModelDslVectorWidths=384", "CSC : error MDSL0077: '384' in ModelDslVectorWidths is not a width of vectors")]
    public void A_setting_that_does_not_fit_is_one_error(string setting, string message)
    {
        var build = project.Build(Old, setting, "-p:ImplicitUsings=disable");
        Assert.NotEqual(0, build.ExitCode);
        Assert.StartsWith(message, Assert.Single(ErrorsOfProject().Matches(build.Output).Select(match => match.Value).Distinct()), StringComparison.Ordinal);
    }

    [StandardTheory]
    [InlineData("", "Line.Steps.g.cs Line.Avx512.g.cs Line.Avx2.g.cs Line.Portable.g.cs")]
    [InlineData("-p:Optimize=false", "Line.Steps.g.cs Line.Avx2.g.cs Line.Portable.g.cs")]
    [InlineData("-p:ModelDslVectorWidths=512%3B128", "Line.Steps.g.cs Line.Avx512.g.cs Line.Portable.g.cs")]
    public void Kernels_are_written_for_the_widths_that_the_project_wants(string setting, string files)
    {
        var build = project.Build(Old, [.. setting.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-p:ImplicitUsings=disable", "-p:EmitCompilerGeneratedFiles=true"]);
        Assert.True(build.ExitCode == 0, build.Output);
        Assert.Equal(files.Split(' ').Append("Line.g.cs").Order(StringComparer.Ordinal), project.GeneratedFiles().Order(StringComparer.Ordinal));

        var run = project.Run();
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal("1", run.Output.Trim());
    }

    [StandardTheory]
    [InlineData("true")]
    [InlineData("false")]
    public void Steps_check_their_numbers_if_the_project_wants(string value)
    {
        var build = project.Build(Old, $"-p:ModelDslCheckNumbers={value}", "-p:ModelDslVectorWidths=128", "-p:ImplicitUsings=disable", "-p:EmitCompilerGeneratedFiles=true");
        Assert.True(build.ExitCode == 0, build.Output);
        Assert.Equal(value == "true", project.ReadGenerated("Line.Steps.g.cs").Contains("NumberCheck.Run(", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"(CSC : |[^\s/\\]+\(\d+,\d+\): )error .*")]
    private static partial Regex ErrorsOfProject();

    [GeneratedRegex(@"[^\s/\\]+\(\d+,\d+\): error .*")]
    private static partial Regex Errors();
}

using ModelDsl.Tests.Shared;

namespace ModelDsl.Package.Tests;

/// <summary>Programs that consist of a single file, which <c>dotnet run</c> builds without a project file.</summary>
public sealed class SingleFileTests(FreshProject project) : IClassFixture<FreshProject>
{
    private const string Program = """
        using ModelDsl;

        float[] x = [.. Enumerable.Range(0, 64).Select(i => (i / 32f) - 1)];
        float[] y = [.. x.Select(value => (2 * value) + 0.5f)];
        using var line = new Line(seed: 1);
        new Trainer(new Sgd(0.2)) { Epochs = 200, BatchSize = 64 }.Fit(line, Dataset.FromArrays(x, y));
        Console.WriteLine(FormattableString.Invariant($"{line.Predict([0.25f])[0]:0.00}"));
        Console.WriteLine(!AppContext.TryGetSwitch("ModelDsl.ConsoleView", out var hasView) || hasView);

        [Model, Input(1), Dense(1), MeanSquaredError]
        public sealed partial class Line;
        """;

    [StandardFact]
    public void A_single_file_declares_and_trains_a_model_and_contains_the_progress_view()
    {
        var folder = Directory.CreateDirectory(Path.Combine(project.Folder, "single")).FullName;
        DotNet.Result Run(string directives)
        {
            File.WriteAllText(Path.Combine(folder, "app.cs"), directives + Program);
            return project.Run(["run", "app.cs"], "single");
        }

        var package = $"#:package ModelDsl@{project.Version}\n";
        var run = Run(package);

        // Such programs set PublishAot, for which a restore needs the package of the ahead-of-time compiler. A machine without network may not have it.
        if (run.ExitCode != 0 && run.Output.Contains("ILCompiler", StringComparison.Ordinal)) run = Run(package + "#:property PublishAot=false\n");

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(["1.00", "True"], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(2));
    }
}

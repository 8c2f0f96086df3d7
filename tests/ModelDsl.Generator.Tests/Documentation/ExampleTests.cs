namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>What a page says that its programs print, they print.</summary>
[Collection(Alone)]
public sealed class ExampleTests
{
    /// <summary>Programs write to the console and to the current folder: no other test may run at the same time.</summary>
    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneCollection;

    private const string Alone = "Programs of the documentation";

    /// <summary>The programs with an output, by page and number.</summary>
    public static TheoryData<string, int> Programs
    {
        get
        {
            var programs = new TheoryData<string, int>();
            foreach (var name in CompiledPage.Tried)
            {
                foreach (var (index, example) in Page.Of(name).Examples.Index())
                {
                    if (example.Output is not null)
                        programs.Add(name, index);
                }
            }

            return programs;
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_prints_what_its_page_shows(string page, int number)
    {
        var compiled = CompiledPage.Of(page);
        var example = compiled.Page.Examples[number];
        var (console, folder, temporary) = (Console.Out, Environment.CurrentDirectory, Directory.CreateTempSubdirectory("modeldsl-docs-"));
        using var printed = new StringWriter();
        try
        {
            Console.SetOut(printed);

            // Pages show what programs print, without the progress of training.
            TrainingView.Default = TrainingView.None;
            Environment.CurrentDirectory = temporary.FullName;
            await compiled.Run(number);
        }
        finally
        {
            Environment.CurrentDirectory = folder;
            TrainingView.Default = null;
            Console.SetOut(console);
            temporary.Delete(recursive: true);
        }

        // Messages name files by their whole paths.
        var text = printed.ToString().Replace(temporary.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        var lines = text.ReplaceLineEndings("\n").TrimEnd().Split('\n').Select(line => line.TrimEnd());
        Assert.True(example.Output!.TrimEnd() == string.Join('\n', lines), $"{example.Place} prints:\n{string.Join('\n', lines)}");
    }
}

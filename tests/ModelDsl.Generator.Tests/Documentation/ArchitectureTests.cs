using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>
/// The dumps in <c>docs/architecture.md</c> are what the passes hand on. After a change that is meant, run these tests once with
/// <c>UPDATE_DUMPS=1</c> in the environment: they write the page anew.
/// </summary>
public partial class ArchitectureTests
{
    private static readonly string Page = Path.Combine(FolderOfTests(), "..", "..", "..", "docs", "architecture.md");

    [Theory]
    [InlineData("spec")]
    [InlineData("graph")]
    [InlineData("gradients")]
    [InlineData("groups")]
    [InlineData("phases")]
    [InlineData("memory")]
    [InlineData("text")]
    public void The_dump_is_true(string stage)
    {
        var text = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var block = DumpBlocks().Matches(text).Single(match => match.Groups["stage"].Value == stage).Groups["dump"];
        var dump = new Dumps().Of(stage);
        if (Environment.GetEnvironmentVariable("UPDATE_DUMPS") == "1")
            File.WriteAllText(Page, text.Remove(block.Index, block.Length).Insert(block.Index, dump));
        else
            Assert.Equal(dump, block.Value);
    }

    private static string FolderOfTests([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"<!-- dump: (?<stage>\w+) -->\n```[^\n]*\n(?<dump>.*?)```", RegexOptions.Singleline)]
    private static partial Regex DumpBlocks();
}

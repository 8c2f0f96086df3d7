using System.Globalization;
using System.Text.RegularExpressions;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>What the pages show compiles, is reported as they say, and leads where they say.</summary>
public partial class PageTests
{
    /// <summary>The README leaves out the line that imports the namespace, and an empty one after it.</summary>
    private const int LinesLeftOut = 2;

    private static readonly string[] Roles = ["csharp", "csharp continues", "csharp mistake", "csharp excerpt", "text", "text output", "text message", "xml", "ini", "python", ""];

    public static TheoryData<string> CompiledPages => [.. CompiledPage.Tried];

    public static TheoryData<string> Pages => [.. Page.Names];

    [Theory]
    [MemberData(nameof(CompiledPages))]
    public async Task The_examples_of_a_page_compile_without_a_warning(string page) =>
        Assert.Empty(await CompiledPage.Of(page).Report());

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_mistake_is_one_error_as_shown(string page)
    {
        var blocks = Page.Of(page).Blocks;
        foreach (var (index, block) in blocks.Index().Where(pair => pair.Item.Role == "mistake"))
        {
            var error = Assert.Single(await Expect.Report([block.Code.Text]));
            var place = error.Location.GetLineSpan().StartLinePosition;
            var shown = blocks.Skip(index).First(next => next.Role == "message").Code.Text;
            Assert.Equal(
                $"Model.cs({place.Line + 1 + LinesLeftOut},{place.Character + 1}): error {error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}",
                Spaces().Replace(shown, " ").Trim());
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_block_says_how_it_is_tested(string page) =>
        Assert.All(Page.Of(page).Blocks, block => Assert.Contains($"{block.Language} {block.Role}".Trim(), Roles));

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_link_leads_to_a_file_and_a_heading(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Page.Root, page))!;
        foreach (Match link in Links().Matches(Page.Of(page).Text))
        {
            var (path, anchor) = (link.Groups["path"].Value, link.Groups["anchor"].Value);
            var target = path.Length == 0 ? Path.Combine(Page.Root, page) : Path.Combine(folder, path);
            Assert.True(Path.Exists(target), $"{page}: {link.Value} leads nowhere.");
            if (anchor.Length > 0)
                Assert.True(Headings().Matches(File.ReadAllText(target)).Any(heading => Anchor(heading.Groups[1].Value) == anchor), $"{page}: {link.Value} has no such heading.");
        }
    }

    /// <summary>What GitHub makes of a heading: small letters, without punctuation, hyphens between words.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(character => char.IsLetterOrDigit(character) || character is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#\s]*)(?:#(?<anchor>[^)\s]+))?\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

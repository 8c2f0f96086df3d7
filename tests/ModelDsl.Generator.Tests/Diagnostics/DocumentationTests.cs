using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>Every diagnostic is registered, tracked and explained, and the examples of its page do what the page says.</summary>
public partial class DocumentationTests
{
    public static TheoryData<string> Ids => [.. Descriptors.All.Select(descriptor => descriptor.Id).Order()];

    /// <summary>The diagnostics whose examples are compiled.</summary>
    public static TheoryData<string> TriedIds => [.. TestScale.Some("pages of diagnostics", Descriptors.All.Select(descriptor => descriptor.Id).Order(), 2)];

    [Theory]
    [MemberData(nameof(TriedIds))]
    public async Task The_page_of_a_diagnostic_is_true(string id)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Root, "docs", "diagnostics", id + ".md"));
        var descriptor = Descriptors.Find(id);
        Assert.StartsWith($"# {id}: {descriptor.Title}\n\n{descriptor.DefaultSeverity}\n\n## Cause\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## How to fix\n", page, StringComparison.Ordinal);
        if (id == Descriptors.InternalError.Id) return;

        if (descriptor.CustomTags.Contains(WellKnownDiagnosticTags.CompilationEnd))
        {
            Assert.Equal(id, Assert.Single(await ProjectSettings.Report(Example(page, "Wrong", "xml"))).Id);
            Assert.Empty(await ProjectSettings.Report(Example(page, "Right", "xml")));
            return;
        }

        // Advice in addition to an error of the C# compiler is not reported alone.
        var isBeside = id == Descriptors.UnknownName.Id || id == Descriptors.OtherArguments.Id;
        var found = (await Expect.Report([Example(page, "Wrong")], files: FilesOf(id))).Select(found => found.Id).Where(found => !isBeside || found is not ("CS0246" or "CS1729"));
        Assert.Equal(id, Assert.Single(found.Distinct()));
        Assert.Empty(await Expect.Report([Example(page, "Right")], files: FilesOf(id)));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_diagnostic_is_tracked(string id)
    {
        var releases = File.ReadAllText(Path.Combine(Root, "src", "ModelDsl.Generator", "AnalyzerReleases.Shipped.md"))
            + File.ReadAllText(Path.Combine(Root, "src", "ModelDsl.Generator", "AnalyzerReleases.Unshipped.md"));
        var descriptor = Descriptors.Find(id);
        var entry = $"{id} | ModelDsl | {descriptor.DefaultSeverity} | {descriptor.Title}";
        Assert.Single(releases.Split('\n'), line => line == entry);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_diagnostic_is_well_formed(string id)
    {
        var descriptor = Descriptors.Find(id);
        Assert.Matches("^MDSL[0-9]{4}$", id);
        Assert.Equal("ModelDsl", descriptor.Category);
        Assert.EndsWith($"docs/diagnostics/{id}.md", descriptor.HelpLinkUri, StringComparison.Ordinal);
        Assert.Contains(descriptor, new ModelAnalyzer().SupportedDiagnostics);
    }

    [Fact]
    public void There_is_no_page_without_a_diagnostic()
    {
        var files = Directory.GetFiles(Path.Combine(Root, "docs", "diagnostics"), "MDSL*.md");
        var pages = files.Select(file => Path.GetFileNameWithoutExtension(file)).Order();
        Assert.Equal(Descriptors.All.Select(descriptor => descriptor.Id).Order(), pages);
    }

    /// <summary>The example of a page under a heading.</summary>
    internal static string ExampleOf(string id, string heading) => Example(File.ReadAllText(Path.Combine(Root, "docs", "diagnostics", id + ".md")), heading);

    /// <summary>The additional files of a page's examples: blocks whose second word is the name of a file.</summary>
    internal static IReadOnlyList<TextFile> FilesOf(string id)
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs", "diagnostics", id + ".md"));
        return [.. FileBlock().Matches(page).Select(block => new TextFile(block.Groups[1].Value, block.Groups[2].Value))];
    }

    [GeneratedRegex(@"^```text (\S+\.txt)\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FileBlock();

    private static string Root => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static string Example(string page, string heading, string language = "csharp")
    {
        var start = page.IndexOf($"\n## {heading}\n\n```{language}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"The page has no example under '{heading}'.");
        start = page.IndexOf($"```{language}\n", start, StringComparison.Ordinal) + $"```{language}\n".Length;
        return page[start..page.IndexOf("\n```", start, StringComparison.Ordinal)];
    }
}

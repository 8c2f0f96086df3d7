using System.Runtime.CompilerServices;

namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>
/// A page of the documentation, with its fenced blocks. The word after a block's language says how it is tested; readers never see it. Of C# it is one of:
/// <list type="bullet">
/// <item>none: a program of its own, which compiles without a warning;</item>
/// <item><c>continues</c>: more of the program of the block before;</item>
/// <item><c>mistake</c>: a model with one mistake; the next <c>text message</c> block shows how it is reported;</item>
/// <item><c>excerpt</c>: a part of something else, which is not compiled.</item>
/// </list>
/// A program that is followed by a <c>text output</c> block is run, and must print what the block shows, besides the progress of training. An HTML comment <c>&lt;!-- given … --&gt;</c> before a
/// block holds code that its reader is spared.
/// </summary>
internal sealed class Page
{
    private const string Given = "<!-- given";
    private const string CSharp = "csharp";

    private Page(string name)
    {
        Name = name;
        Text = File.ReadAllText(Path.Combine(Root, name)).ReplaceLineEndings("\n");
        Blocks = [.. Read(Text.Split('\n'))];
        Examples = [.. Group(this)];
    }

    /// <summary>The folder of the repository.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    /// <summary>All pages whose code is tested: those in source folders and those in <c>docs</c>, by their paths in the repository.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["README.md", "CONTRIBUTING.md", .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Select(path => "docs/" + Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public string Name { get; }

    public string Text { get; }

    public IReadOnlyList<PageBlock> Blocks { get; }

    public IReadOnlyList<PageExample> Examples { get; }

    public static Page Of(string name) => new(name);

    private static IEnumerable<PageBlock> Read(string[] lines)
    {
        PageCode? given = null;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] == Given)
            {
                var end = Array.IndexOf(lines, "-->", i);
                given = new PageCode(string.Join('\n', lines[(i + 1)..end]), i + 2);
                i = end;
            }
            else if (lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                var indent = lines[i].IndexOf('`', StringComparison.Ordinal);
                var words = lines[i][(indent + 3)..].Split(' ');
                var end = Array.IndexOf(lines, new string(' ', indent) + "```", i + 1);
                var text = string.Join('\n', lines[(i + 1)..end].Select(line => line.Length > indent ? line[indent..] : ""));
                yield return new PageBlock(words[0], words.ElementAtOrDefault(1) ?? "", new PageCode(text, i + 2), given);
                given = null;
                i = end;
            }
        }
    }

    private static IEnumerable<PageExample> Group(Page page)
    {
        List<PageBlock> code = [];
        var output = new List<string>();
        foreach (var block in page.Blocks)
        {
            if (block is { Language: CSharp, Role: "" } && code.Count > 0)
            {
                yield return new PageExample(page.Name, [.. code], output.Count == 0 ? null : string.Join('\n', output));
                code.Clear();
                output.Clear();
            }

            if (block is { Language: CSharp, Role: "" or "continues" })
                code.Add(block);
            else if (block is { Language: "text", Role: "output" })
                output.Add(block.Code.Text);
        }

        if (code.Count > 0)
            yield return new PageExample(page.Name, [.. code], output.Count == 0 ? null : string.Join('\n', output));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

/// <summary>Text of a page, and the line of the page that it begins on.</summary>
internal sealed record PageCode(string Text, int Line);

/// <summary>A fenced block.</summary>
/// <param name="Language">The word after the fence.</param>
/// <param name="Role">The word after that: how the block is tested.</param>
/// <param name="Code">What is between the fences.</param>
/// <param name="Given">The code in the comment before it, if there is one.</param>
internal sealed record PageBlock(string Language, string Role, PageCode Code, PageCode? Given);

using System.Runtime.CompilerServices;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>What the page of the language shows does compile.</summary>
public class LanguageTests
{
    private const string Fence = "\n```csharp\n";

    [Fact]
    public async Task Every_example_is_without_mistakes()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "docs", "language.md"));
        var examples = page.Split(Fence).Skip(1).Select(part => part[..part.IndexOf("\n```", StringComparison.Ordinal)]).ToList();
        Assert.True(examples.Count > 5);
        foreach (var example in examples) Assert.Empty(await Expect.Report([example]));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

using System.Text.RegularExpressions;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>Generated programs without what names say, to compare what they do.</summary>
internal static partial class KernelText
{
    /// <summary>The generated files without the members users call, every identifier replaced by the number of its appearance.</summary>
    public static SortedDictionary<string, string> Of(string source) => new(
        Generation.Of(source).Files.Where(file => file.Key.Count(symbol => symbol == '.') > 2).ToDictionary(file => file.Key, file => Anonymous(file.Value)));

    private static string Anonymous(string text)
    {
        var names = new Dictionary<string, string>();
        return Identifier().Replace(Comment().Replace(text, ""), match =>
        {
            if (!names.TryGetValue(match.Value, out var name)) names.Add(match.Value, name = $"n{names.Count}");
            return name;
        });
    }

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Identifier();
}

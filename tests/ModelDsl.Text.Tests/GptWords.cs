using System.Text.RegularExpressions;

namespace ModelDsl.Text.Tests;

/// <summary>The words of GPT-2, by the pattern that OpenAI published.</summary>
internal static partial class GptWords
{
    public static IEnumerable<string> Split(string text) => Pattern().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelDsl.Ilgpu.Compiler.Backends;

/// <summary>
/// Numbers the types, labels and parameters of a text in the order in which they appear. ILGPU continues to count from kernel to kernel, so that its texts depend on which thread compiles which kernel.
/// </summary>
internal static partial class StableNames
{
    /// <summary>Returns the text with other numbers.</summary>
    public static string Of(string text)
    {
        var names = new Dictionary<string, string>();
        return Numbered().Replace(text, match =>
        {
            if (!names.TryGetValue(match.Value, out var name))
                names.Add(match.Value, name = string.Create(CultureInfo.InvariantCulture, $"{match.Groups[1].ValueSpan}{names.Count}{match.Groups[2].ValueSpan}"));
            return name;
        });
    }

    /// <summary>A name that ends with a number, except those of architectures. The types of arguments in OpenCL C have a suffix.</summary>
    [GeneratedRegex(@"(?<![\w$])(?!sm_)([A-Za-z_][\w$]*_)\d+(_kernel)?(?![\w$])")]
    private static partial Regex Numbered();
}

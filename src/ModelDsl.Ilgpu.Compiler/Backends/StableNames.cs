using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelDsl.Ilgpu.Compiler.Backends;

/// <summary>
/// Numbers the types, labels and parameters of a text in the order in which they appear, but not the kernel, which is found by its name. ILGPU continues to count from kernel to kernel, so that its texts depend on which thread compiles which kernel.
/// </summary>
internal static partial class StableNames
{
    /// <summary>Returns the text with other numbers.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kernel">The name of the kernel in the text.</param>
    public static string Of(string text, string kernel)
    {
        var names = new Dictionary<string, string> { [kernel] = kernel };
        var number = 0;
        return Numbered().Replace(text, match =>
        {
            if (!names.TryGetValue(match.Value, out var name))
            {
                do
                    name = string.Create(CultureInfo.InvariantCulture, $"{match.Groups[1].ValueSpan}{number++}{match.Groups[2].ValueSpan}");
                while (name == kernel);
                names.Add(match.Value, name);
            }

            return name;
        });
    }

    /// <summary>A name that ends with a number, except those of architectures. The types of arguments in OpenCL C have a suffix.</summary>
    [GeneratedRegex(@"(?<![\w$])(?!sm_)([A-Za-z_][\w$]*_)\d+(_kernel)?(?![\w$])")]
    private static partial Regex Numbered();
}

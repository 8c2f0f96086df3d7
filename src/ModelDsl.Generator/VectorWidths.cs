using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Loops.Cpu;

namespace ModelDsl.Generator;

/// <summary>The vector registers for which a project needs kernels, in addition to the portable kernels, which are always generated.</summary>
/// <param name="Has512">Whether there are kernels for 512-bit registers.</param>
/// <param name="Has256">Whether there are kernels for 256-bit registers.</param>
internal sealed record VectorWidths(bool Has512, bool Has256)
{
    /// <summary>The property of a project with the widths. They are separated by commas, because the compiler treats a semicolon in properties as the start of a comment.</summary>
    public const string Option = "build_property.ModelDslVectorWidthList";

    /// <summary>All widths.</summary>
    public static VectorWidths All { get; } = new(true, true);

    /// <summary>Returns the property with the widths; null if it is not set.</summary>
    public static string? Named(AnalyzerConfigOptionsProvider options) => options.GlobalOptions.TryGetValue(Option, out var widths) ? widths : null;

    /// <summary>Whether kernels for a target are generated; for CPUs this depends on their registers.</summary>
    public bool Include(Target target) => (target as CpuTarget)?.Bits switch { 512 => Has512, 256 => Has256, _ => true };

    /// <summary>Parses the widths of a property. All widths if it is empty or invalid; <see cref="Wrong"/> returns what is invalid.</summary>
    /// <param name="text">The value of the property, or null if it is not set.</param>
    public static VectorWidths Parse(string? text)
    {
        var words = Words(text);
        return words.Count == 0 || Wrong(text) is not null ? All : new(words.Contains("512"), words.Contains("256"));
    }

    /// <summary>Returns the first word of a property that is not a vector width, or null.</summary>
    /// <param name="text">The value of the property, or null if it is not set.</param>
    public static string? Wrong(string? text) => Words(text).FirstOrDefault(word => word is not ("512" or "256" or "128"));

    private static List<string> Words(string? text) => [.. (text ?? "").Split(',', ';').Select(word => word.Trim()).Where(word => word.Length > 0)];
}

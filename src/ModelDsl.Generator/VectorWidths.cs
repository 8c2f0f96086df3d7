using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Loops.Cpu;

namespace ModelDsl.Generator;

/// <summary>For which vector registers a project wants kernels beside the portable ones, which are always there.</summary>
/// <param name="Has512">Whether there are kernels for 512-bit registers.</param>
/// <param name="Has256">Whether there are kernels for 256-bit registers.</param>
internal sealed record VectorWidths(bool Has512, bool Has256)
{
    /// <summary>The property of a project that names them. Semicolons begin comments where the compiler reads properties; the package's targets write commas.</summary>
    public const string Option = "build_property.ModelDslVectorWidthList";

    /// <summary>Every width.</summary>
    public static VectorWidths All { get; } = new(true, true);

    /// <summary>What a project's properties name, as it is written; null for nothing.</summary>
    public static string? Named(AnalyzerConfigOptionsProvider options) => options.GlobalOptions.TryGetValue(Option, out var widths) ? widths : null;

    /// <summary>Whether there are kernels for a target: for CPUs a matter of their registers.</summary>
    public bool Include(Target target) => (target as CpuTarget)?.Bits switch { 512 => Has512, 256 => Has256, _ => true };

    /// <summary>The widths that a property names; all where it says nothing or something wrong, which <see cref="Wrong"/> gives.</summary>
    /// <param name="text">The property's value, or null where there is none.</param>
    public static VectorWidths Parse(string? text)
    {
        var words = Words(text);
        return words.Count == 0 || Wrong(text) is not null ? All : new(words.Contains("512"), words.Contains("256"));
    }

    /// <summary>The first word of a property that is no width of vectors, or null.</summary>
    /// <param name="text">The property's value, or null where there is none.</param>
    public static string? Wrong(string? text) => Words(text).FirstOrDefault(word => word is not ("512" or "256" or "128"));

    private static List<string> Words(string? text) => [.. (text ?? "").Split(',', ';').Select(word => word.Trim()).Where(word => word.Length > 0)];
}

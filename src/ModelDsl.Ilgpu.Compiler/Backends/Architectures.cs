using System.Globalization;
using System.Text.RegularExpressions;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Compiler.Backends;

/// <summary>The architectures that PTX can be written for.</summary>
internal static partial class Architectures
{
    /// <summary>The compute capability of the first tensor cores that multiply TF32 numbers.</summary>
    public static Version Tf32 { get; } = new(8, 0);

    /// <summary>The versions of PTX that architectures need, in ascending order (PTX ISA, release notes). ILGPU writes nothing older than 6.0.</summary>
    private static readonly (Version Architecture, Version InstructionSet)[] Needed =
    [
        (new(5, 0), new(6, 0)), (new(7, 2), new(6, 1)), (new(7, 5), new(6, 3)), (new(8, 0), new(7, 0)), (new(8, 6), new(7, 1)), (new(8, 7), new(7, 4)), (new(8, 9), new(7, 8)), (new(9, 0), new(7, 8)),
    ];

    /// <summary>Returns the targets with the given names.</summary>
    /// <exception cref="KernelError">A name is not known.</exception>
    public static IReadOnlyList<PtxTarget> Of(IEnumerable<string> names) => [.. names.Select(Of)];

    private static PtxTarget Of(string name)
    {
        if (Name().Match(name) is not { Success: true } match)
            throw Unknown(name);
        var architecture = new Version(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        return architecture >= Needed[0].Architecture && architecture <= Needed[^1].Architecture ? new(name, architecture, Needed.Last(pair => pair.Architecture <= architecture).InstructionSet) : throw Unknown(name);
    }

    private static KernelError Unknown(string name) => new(
        KernelError.Architecture, $"'{name}' in ModelDslGpuArchitectures is not an architecture that PTX can be written for: names from sm_50 to sm_90 are expected, separated by semicolons. PTX for sm_80 runs on all later GPUs.");

    [GeneratedRegex(@"^sm_(\d+)(\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}

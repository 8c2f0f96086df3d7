using System.Globalization;
using System.Text.RegularExpressions;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Compiler.Backends;

/// <summary>What the text of a kernel in PTX says about it.</summary>
internal static partial class PtxText
{
    /// <summary>The shared memory that each device has for a group.</summary>
    public const int MostSharedBytes = 48 * 1024;

    /// <summary>Whether the kernel uses tensor cores.</summary>
    public static bool UsesTensorCores(string ptx) => ptx.Contains("mma.sync", StringComparison.Ordinal);

    /// <summary>The size of the shared memory of the kernel.</summary>
    public static int SharedBytes(string ptx) => Shared().Matches(ptx).Sum(static match => Bytes(match.Groups["type"].ValueSpan) * (match.Groups["count"].Success ? int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) : 1));

    /// <summary>Checks that the kernel can be loaded: it calls only functions that the text contains, has the arguments that launches pass, and has enough shared memory.</summary>
    /// <exception cref="KernelError">It cannot.</exception>
    public static void Check(string ptx, KernelLayout layout)
    {
        if (External().Match(ptx) is { Success: true } external)
            throw new KernelError(KernelError.Unusable, $"it calls '{external.Groups[1].Value}', which does not exist on the device");
        foreach (var called in Call().Matches(ptx).Select(static match => match.Groups[1].Value).Distinct())
        {
            if (!Regex.IsMatch(ptx, $@"\.func[^;{{]*\b{Regex.Escape(called)}\b"))
                throw new KernelError(KernelError.Unusable, $"it calls '{called}', which does not exist on the device");
        }

        if (SharedBytes(ptx) is > MostSharedBytes and var bytes)
            throw new KernelError(KernelError.Unusable, string.Create(CultureInfo.InvariantCulture, $"it needs {bytes} bytes of shared memory, and a group has {MostSharedBytes}"));
        var declared = Parameters(ptx).ToArray();
        if (!declared.SequenceEqual(layout.Arguments))
        {
            throw new KernelError(
                KernelError.Unusable,
                $"ILGPU passes its arguments in another way than launches do: [{string.Join(", ", declared)}] instead of [{string.Join(", ", layout.Arguments)}] (offset and size of each). This version of ILGPU does not fit ModelDsl.Ilgpu");
        }
    }

    /// <summary>Offset and size of each parameter of the kernel.</summary>
    private static IEnumerable<(int Offset, int Size)> Parameters(string ptx)
    {
        var end = 0;
        var entry = Entry().Match(ptx);
        foreach (Match parameter in Parameter().Matches(entry.Groups["parameters"].Value))
        {
            var bytes = Bytes(parameter.Groups["type"].ValueSpan);
            var size = parameter.Groups["count"].Success ? bytes * int.Parse(parameter.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) : bytes;
            var alignment = parameter.Groups["align"].Success ? int.Parse(parameter.Groups["align"].ValueSpan, CultureInfo.InvariantCulture) : bytes;
            var offset = (end + alignment - 1) / alignment * alignment;
            yield return (offset, size);
            end = offset + size;
        }
    }

    private static int Bytes(ReadOnlySpan<char> type) => int.Parse(type.TrimStart("bsuf"), CultureInfo.InvariantCulture) / 8;

    [GeneratedRegex(@"\.shared\s+(?:\.align\s+\d+\s+)?\.(?<type>[bsuf]\d+)\s+[\w$]+(?:\[(?<count>\d+)\])?\s*;")]
    private static partial Regex Shared();

    [GeneratedRegex(@"\.extern\s+\.func[^;]*?\b([A-Za-z_$][\w$]*)\s*(?:\(|;)")]
    private static partial Regex External();

    [GeneratedRegex(@"call(?:\.uni)?\s+(?:\([^)]*\)\s*,\s*)?([A-Za-z_$][\w$]*)")]
    private static partial Regex Call();

    [GeneratedRegex(@"\.entry\s+[\w$]+\s*\((?<parameters>[^)]*)\)")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\.param\s+(?:\.align\s+(?<align>\d+)\s+)?\.(?<type>[bsuf]\d+)\s+[\w$]+(?:\[(?<count>\d+)\])?")]
    private static partial Regex Parameter();
}

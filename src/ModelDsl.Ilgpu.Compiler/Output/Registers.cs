using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelDsl.Ilgpu.Compiler.Output;

/// <summary>CUDA's assembler, where it is installed: it tells how many registers a kernel takes.</summary>
internal static partial class Registers
{
    private const int MilliSeconds = 60_000;

    /// <summary>The path of the assembler; null if there is none on the PATH or in the folder of <c>CUDA_PATH</c>.</summary>
    public static string? Assembler { get; } = Folders().Select(static folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "ptxas.exe" : "ptxas")).FirstOrDefault(File.Exists);

    /// <summary>Returns the registers of a thread; null if the assembler is not installed, or does not accept the text.</summary>
    /// <param name="ptx">The path of the text.</param>
    /// <param name="architecture">The architecture.</param>
    public static int? Of(string ptx, string architecture)
    {
        if (Assembler is null)
            return null;
        var start = new ProcessStartInfo(Assembler) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-v", $"-arch={architecture}", "-o", OperatingSystem.IsWindows() ? "NUL" : "/dev/null", ptx])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start);
        if (process is null)
            return null;
        var output = process.StandardError.ReadToEndAsync();
        var rest = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(MilliSeconds))
        {
            process.Kill();
            return null;
        }

        return Used().Match(output.Result + rest.Result) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    private static IEnumerable<string> Folders() =>
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), .. Environment.GetEnvironmentVariable("CUDA_PATH") is { Length: > 0 } cuda ? [Path.Combine(cuda, "bin")] : Array.Empty<string>()];

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Used();
}

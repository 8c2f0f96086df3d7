using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>CUDA's assembler, where it is installed: it tells what becomes of a kernel's values on a GPU, and needs none.</summary>
internal static partial class Ptxas
{
    /// <summary>Architectures that are looked at, as far as the assembler knows them.</summary>
    private static readonly string[] Wanted = ["sm_80", "sm_90"];

    /// <summary>The assembler, by the PATH or the CUDA toolkit's folder in <c>CUDA_PATH</c>; null where there is none.</summary>
    public static string? File { get; } = Folders().Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "ptxas.exe" : "ptxas")).FirstOrDefault(System.IO.File.Exists);

    /// <summary>The architectures the installed assembler knows.</summary>
    public static IReadOnlyList<string> Architectures { get; } = File is null ? [] : [.. Wanted.Where(Run("--help").Output.Contains)];

    /// <summary>What a kernel takes of a GPU.</summary>
    /// <param name="Registers">Registers of a thread.</param>
    /// <param name="LocalBytes">Memory of a thread outside registers: its stack and what is spilled.</param>
    /// <param name="SharedBytes">Shared memory of a group.</param>
    public readonly record struct Usage(int Registers, int LocalBytes, int SharedBytes);

    /// <summary>Assembles a kernel.</summary>
    /// <exception cref="InvalidOperationException">The assembler refuses it.</exception>
    public static Usage Assemble(string ptx, string architecture)
    {
        var input = Path.GetTempFileName();
        try
        {
            System.IO.File.WriteAllText(input, ptx);
            var (exitCode, output) = Run("-v", $"-arch={architecture}", "-o", OperatingSystem.IsWindows() ? "nul" : "/dev/null", input);
            if (exitCode != 0)
                throw new InvalidOperationException(output);
            return new Usage(Number(Registers(), output), Number(Stack(), output) + Number(Stores(), output) + Number(Loads(), output), Number(Shared(), output));
        }
        finally
        {
            System.IO.File.Delete(input);
        }
    }

    private static int Number(Regex what, string output) =>
        what.Match(output) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private static IEnumerable<string> Folders()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
        if (Environment.GetEnvironmentVariable("CUDA_PATH") is { Length: > 0 } toolkit)
            yield return Path.Combine(toolkit, "bin");
    }

    private static (int ExitCode, string Output) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(File!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    [GeneratedRegex(@"Used ([0-9]+) registers")]
    private static partial Regex Registers();

    [GeneratedRegex(@"([0-9]+) bytes stack frame")]
    private static partial Regex Stack();

    [GeneratedRegex(@"([0-9]+) bytes spill stores")]
    private static partial Regex Stores();

    [GeneratedRegex(@"([0-9]+) bytes spill loads")]
    private static partial Regex Loads();

    [GeneratedRegex(@"([0-9]+) bytes smem")]
    private static partial Regex Shared();
}

/// <summary>A test that needs CUDA's assembler.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PtxasTheoryAttribute : TheoryAttribute
{
    public PtxasTheoryAttribute()
    {
        if (Ptxas.File is null)
            Skip = "ptxas, CUDA's assembler, is neither on the PATH nor below CUDA_PATH: registers and spills of the kernels are not known.";
    }
}

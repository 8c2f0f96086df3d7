using ModelDsl;

namespace QuickStart;

/// <summary>What the generator wrote when this program was built (EmitCompilerGeneratedFiles puts it on disk).</summary>
internal static class GeneratedCode
{
    /// <summary>The folder of the generated files, or null when the program has left the machine it was built on.</summary>
    public static string? Folder()
    {
        var project = Folders.Above(AppContext.BaseDirectory, "QuickStart.csproj");
        var folder = project is null ? null : Path.Combine(project, "obj", "Generated", "ModelDsl.Generator", "ModelDsl.Generator.ModelGenerator");
        return Directory.Exists(folder) ? folder : null;
    }

    /// <summary>
    /// A file with kernels that this machine runs: one of those for every width of vectors, or, in a Debug build, where each width has kernels of its own and
    /// there are none for 512-bit registers, that of a width.
    /// </summary>
    public static string KernelFile(string folder)
    {
        string[] parts = CpuDevice.BestVectorBits switch { 512 => ["Steps", "Avx512", "Avx2", "Portable"], 256 => ["Steps", "Avx2", "Portable"], _ => ["Steps", "Portable"] };
        return parts.Select(part => Path.Combine(folder, $"{typeof(CharModel).FullName}.{part}.g.cs")).First(file => File.Exists(file) && Array.Exists(File.ReadAllLines(file), IsGradient));
    }

    /// <summary>A short kernel of a file, the gradient of the loss: from its documentation to the end of its method.</summary>
    public static IEnumerable<string> Excerpt(string file)
    {
        var lines = File.ReadAllLines(file);
        var method = Array.FindIndex(lines, IsGradient);
        var indent = lines[method].Length - lines[method].TrimStart().Length;
        var start = Array.FindLastIndex(lines, method, line => line.Contains("<summary>", StringComparison.Ordinal));
        var end = Array.FindIndex(lines, method, line => line == new string(' ', indent) + "}");
        return lines[start..(end + 1)].Select(line => line.Length > indent ? line[indent..] : line);
    }

    private static bool IsGradient(string line) => line.Contains("private static void", StringComparison.Ordinal) && line.Contains("Gradient(", StringComparison.Ordinal);
}

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

    /// <summary>The file with the kernels that this machine runs: a Debug build has none for 512-bit registers.</summary>
    public static string KernelFile(string folder)
    {
        string[] targets = CpuDevice.BestVectorBits switch { 512 => ["Avx512", "Avx2", "Portable"], 256 => ["Avx2", "Portable"], _ => ["Portable"] };
        return targets.Select(target => Path.Combine(folder, $"{typeof(CharModel).FullName}.{target}.g.cs")).First(File.Exists);
    }

    /// <summary>A short kernel of a file, the gradient of the loss: from its documentation to the end of its method.</summary>
    public static IEnumerable<string> Excerpt(string file)
    {
        var lines = File.ReadAllLines(file);
        var method = Array.FindIndex(lines, line => line.Contains("private static void", StringComparison.Ordinal) && line.Contains("Gradient(", StringComparison.Ordinal));
        var start = Array.FindLastIndex(lines, method, line => line.Contains("<summary>", StringComparison.Ordinal));
        var end = Array.FindIndex(lines, method, line => line == "        }");
        return lines[start..(end + 1)].Select(line => line.Length > 8 ? line[8..] : line);
    }
}

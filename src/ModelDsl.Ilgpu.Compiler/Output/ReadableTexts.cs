using System.Globalization;
using System.Text;
using ModelDsl.Ilgpu.Compiler.Kernels;

namespace ModelDsl.Ilgpu.Compiler.Output;

/// <summary>Writes the code of kernels as files for people, with a table of what each kernel takes.</summary>
/// <param name="folder">The folder.</param>
/// <param name="source">The generated code, whose comments the files begin with.</param>
internal sealed class ReadableTexts(string folder, GeneratedSource source)
{
    /// <summary>The name of the table.</summary>
    public const string Table = "kernels.txt";

    /// <summary>Writes all files and deletes those of kernels that do not exist any more.</summary>
    /// <param name="kernels">The kernels.</param>
    public void Write(IReadOnlyList<KernelResult> kernels)
    {
        Directory.CreateDirectory(folder);
        var written = new HashSet<string> { Path.Combine(folder, Table) };
        var table = new StringBuilder();
        table.Append(CultureInfo.InvariantCulture, $"{"shared bytes",12} {"registers",9}  kernel\n");
        foreach (var kernel in kernels)
        {
            var head = Head(kernel);
            int? registers = null;
            foreach (var (target, text) in kernel.Code.Ptx)
            {
                var path = Path.Combine(folder, $"{kernel.Item.File}.{target}.ptx");
                WriteIfNew(path, head + text, written);
                registers = Registers.Of(path, target) is { } used ? Math.Max(registers ?? 0, used) : registers;
            }

            if (kernel.Code.OpenCl is { } openCl)
                WriteIfNew(Path.Combine(folder, $"{kernel.Item.File}.cl"), head + openCl, written);
            table.Append(CultureInfo.InvariantCulture, $"{kernel.Code.SharedBytes,12} {registers?.ToString(CultureInfo.InvariantCulture) ?? "-",9}  {kernel.Item.Name.Split('/')[1]}\n");
        }

        if (Registers.Assembler is null)
            table.Append("Registers are counted if CUDA's assembler, ptxas, is on the PATH or in CUDA_PATH.\n");
        File.WriteAllText(Path.Combine(folder, Table), table.ToString());
        foreach (var old in Directory.EnumerateFiles(folder).Where(path => path.EndsWith(".ptx", StringComparison.Ordinal) || path.EndsWith(".cl", StringComparison.Ordinal)).Where(path => !written.Contains(path)))
            File.Delete(old);
    }

    private string Head(KernelResult kernel)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"// {kernel.Item.Name}: {kernel.Code.SharedBytes} bytes of shared memory\n");
        foreach (var line in kernel.Method.Module.Assembly == source.Assembly ? source.Of(kernel.Method).Comment : [])
            head.Append("// ").Append(line).Append('\n');
        return head.Append("//\n").ToString();
    }

    private static void WriteIfNew(string path, string text, HashSet<string> written)
    {
        written.Add(path);
        if (!File.Exists(path) || File.ReadAllText(path) != text)
            File.WriteAllText(path, text);
    }
}

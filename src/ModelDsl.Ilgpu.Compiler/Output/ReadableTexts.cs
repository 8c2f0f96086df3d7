using System.Globalization;
using System.Text;
using ModelDsl.Ilgpu.Compiler.Kernels;

namespace ModelDsl.Ilgpu.Compiler.Output;

/// <summary>The code of kernels as files for people, with a table of what each kernel takes.</summary>
/// <param name="folder">The folder. It belongs to one project and framework.</param>
internal sealed class ReadableTexts(string folder)
{
    /// <summary>The name of the table.</summary>
    public const string Table = "kernels.txt";

    private readonly string table = Path.Combine(folder, Table);

    /// <summary>Writes all files and deletes those of kernels that do not exist any more.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="source">The generated code, whose comments the files begin with.</param>
    public void Write(IReadOnlyList<KernelResult> kernels, GeneratedSource source)
    {
        Directory.CreateDirectory(folder);
        var written = new HashSet<string>();
        var counted = KernelTable.Read(table);
        var rows = new List<KernelRow>();
        foreach (var kernel in kernels)
        {
            var isForCuda = kernel.Code.Ptx.Count > 0;
            var head = Head(kernel, source, isForCuda);
            var isNew = false;
            foreach (var (target, text) in kernel.Code.Ptx)
                isNew |= WriteIfNew(PtxPath(kernel, target), head + text, written);
            if (kernel.Code.OpenCl is { } openCl)
                WriteIfNew(Path.Combine(folder, $"{kernel.Item.File}.cl"), head + openCl, written);

            if (!isForCuda)
                continue;

            // The assembler takes longer than everything else, so that it only reads texts that have changed.
            var name = kernel.Item.Name.Split('/')[1];
            var registers = !isNew && counted.TryGetValue(name, out var known) ? known : kernel.Code.Ptx.Keys.Max(target => Registers.Of(PtxPath(kernel, target), target));
            rows.Add(new(name, kernel.Code.SharedBytes, registers));
        }

        KernelTable.Write(table, rows);
        DeleteExcept(written);
    }

    /// <summary>Deletes all files: the project has no kernels any more.</summary>
    public void Delete()
    {
        if (!Directory.Exists(folder))
            return;
        File.Delete(table);
        DeleteExcept([]);
    }

    private string PtxPath(KernelResult kernel, string target) => Path.Combine(folder, $"{kernel.Item.File}.{target}.ptx");

    private void DeleteExcept(HashSet<string> written)
    {
        foreach (var old in Directory.EnumerateFiles(folder).Where(path => path.EndsWith(".ptx", StringComparison.Ordinal) || path.EndsWith(".cl", StringComparison.Ordinal)).Where(path => !written.Contains(path)))
            File.Delete(old);
    }

    // Shared memory is known from the PTX.
    private static string Head(KernelResult kernel, GeneratedSource source, bool isForCuda)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"// {kernel.Item.Name}{(isForCuda ? $": {kernel.Code.SharedBytes} bytes of shared memory" : "")}\n");
        foreach (var line in kernel.Method.Module.Assembly == source.Assembly ? source.Of(kernel.Method).Comment : [])
            head.Append("// ").Append(line).Append('\n');
        return head.Append("//\n").ToString();
    }

    private static bool WriteIfNew(string path, string text, HashSet<string> written)
    {
        written.Add(path);
        if (File.Exists(path) && File.ReadAllText(path) == text)
            return false;
        File.WriteAllText(path, text);
        return true;
    }
}

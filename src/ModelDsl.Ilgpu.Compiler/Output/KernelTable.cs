using System.Globalization;
using System.Text;

namespace ModelDsl.Ilgpu.Compiler.Output;

/// <summary>What a kernel takes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SharedBytes">The size of its shared memory.</param>
/// <param name="Registers">The registers of a thread; null if they were not counted.</param>
internal sealed record KernelRow(string Name, int SharedBytes, int? Registers);

/// <summary>The table of what each kernel takes.</summary>
internal static class KernelTable
{
    private const int SharedWidth = 12;
    private const int RegistersWidth = 9;

    /// <summary>Writes the table.</summary>
    public static void Write(string path, IEnumerable<KernelRow> rows)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"shared bytes",SharedWidth} {"registers",RegistersWidth}  kernel\n");
        foreach (var row in rows)
            text.Append(CultureInfo.InvariantCulture, $"{row.SharedBytes,SharedWidth} {row.Registers?.ToString(CultureInfo.InvariantCulture) ?? "-",RegistersWidth}  {row.Name}\n");
        if (Registers.Assembler is null)
            text.Append("Registers are counted if CUDA's assembler, ptxas, is on the PATH or in CUDA_PATH.\n");
        File.WriteAllText(path, text.ToString());
    }

    /// <summary>Returns the registers of the kernels of a table for which they were counted; none if there is no table.</summary>
    public static IReadOnlyDictionary<string, int> Read(string path)
    {
        var registers = new Dictionary<string, int>();
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            var columns = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (columns.Length == 3 && int.TryParse(columns[1], CultureInfo.InvariantCulture, out var count))
                registers.TryAdd(columns[2], count);
        }

        return registers;
    }
}

using System.Globalization;
using System.Text;
using ModelDsl.Files;

namespace ModelDsl.Checkpoints;

/// <summary>Writes the text that lists the tensors of a safetensors file, which the compiler compares with models.</summary>
internal static class TensorListWriter
{
    /// <summary>What follows the path of the weights file in the path of the text.</summary>
    private const string Suffix = ".txt";

    /// <summary>Writes the text beside the file.</summary>
    /// <param name="path">The path of the safetensors file.</param>
    public static void Write(string path)
    {
        using var file = SafetensorsFile.Open(path);
        var text = new StringBuilder($"# The tensors of {Path.GetFileName(path)}: name, type and sizes, separated by tabs\n");
        foreach (var entry in file.Entries)
        {
            if (entry.Name.AsSpan().IndexOfAny('\t', '\n', '\r') >= 0)
                throw new InvalidDataException($"'{path}' has a tensor whose name contains a tab or a line break, '{entry.Name}': a list of tensors cannot contain it. Rename the tensor.");
            text.Append(CultureInfo.InvariantCulture, $"{entry.Name}\t{entry.Type}\t{string.Join(',', entry.Shape)}\n");
        }

        OutputFile.Write(path + Suffix, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

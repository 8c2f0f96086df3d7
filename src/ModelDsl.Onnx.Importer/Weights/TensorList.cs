using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace ModelDsl.Onnx.Importer.Weights;

/// <summary>Lists tensors as a text, which the compiler compares with the model: a line for each with its name, type and sizes, separated by tabs.</summary>
internal static class TensorList
{
    /// <summary>The limit of the format.</summary>
    private const long GreatestHeader = 100_000_000;

    /// <summary>Lists the weights of an ONNX file.</summary>
    public static string Of(IEnumerable<WeightTensor> tensors) => Lines(tensors.Select(tensor => (tensor.Name, "F32", string.Join(',', tensor.Shape))));

    /// <summary>Lists the tensors of a safetensors file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="ImportException">The file cannot be read, or is not a safetensors file.</exception>
    public static string OfFile(string path)
    {
        try
        {
            using var header = JsonDocument.Parse(Header(path));
            var names = new HashSet<string>();
            (string, string, string)[] tensors = [.. header.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__").Select(tensor =>
            {
                if (!names.Add(tensor.Name) || tensor.Name.AsSpan().ContainsAny('\t', '\n', '\r'))
                    throw new ImportException(ImportException.Option, $"the trained weights '{path}' have a tensor whose name has a line break or a tab, or occurs twice: {JsonSerializer.Serialize(tensor.Name)}.");
                var type = tensor.Value.GetProperty("dtype").GetString() ?? throw new FormatException();
                return (tensor.Name, type, string.Join(',', tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())));
            })];
            return Lines(tensors);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImportException(ImportException.Option, $"the trained weights '{path}' cannot be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ImportException(ImportException.Option, $"the trained weights '{path}' are cut off, or not a safetensors file. Give a file of Model.Save as Weights=\"trained.safetensors\".");
        }
    }

    private static byte[] Header(string path)
    {
        using var stream = File.OpenRead(path);
        var prefix = new byte[8];
        var given = stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (given < prefix.Length || length < 2 || length > Math.Min(GreatestHeader, stream.Length - prefix.Length)) throw new FormatException();
        var header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }

    private static string Lines(IEnumerable<(string Name, string Type, string Sizes)> tensors)
    {
        var text = new StringBuilder("# The tensors of the weights: name, type and sizes, separated by tabs\n");
        foreach (var (name, type, sizes) in tensors) text.Append(name).Append('\t').Append(type).Append('\t').Append(sizes).Append('\n');
        return text.ToString();
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using ModelDsl.Files;

namespace ModelDsl.Checkpoints;

/// <summary>Writes safetensors files.</summary>
internal static class SafetensorsWriter
{
    /// <summary>The values begin at a multiple of this number of bytes, so that a file can be memory-mapped.</summary>
    private const int Alignment = 8;

    /// <summary>The metadata key of the model's name, which identifies files that this library has written.</summary>
    private const string ModelKey = "model";

    /// <summary>Whether this library has written a file.</summary>
    /// <param name="file">The file.</param>
    public static bool HasWritten(SafetensorsFile file) => file.Metadata.ContainsKey(ModelKey);

    /// <summary>Writes a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="model">The model's name, which is stored as metadata.</param>
    /// <param name="tensors">The tensors.</param>
    /// <exception cref="IOException">The file cannot be written; an existing file is unchanged.</exception>
    public static void Write(string path, string model, IReadOnlyList<TensorContent> tensors) => OutputFile.Write(path, stream => Write(stream, model, tensors));

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">The destination, which need not seek.</param>
    /// <param name="model">The model's name, which is stored as metadata.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="metadata">Other metadata.</param>
    public static void Write(Stream stream, string model, IReadOnlyList<TensorContent> tensors, params ReadOnlySpan<(string Key, string Value)> metadata)
    {
        WriteHeader(stream, model, tensors, metadata);
        foreach (var tensor in tensors)
            tensor.Write(stream);
    }

    private static void WriteHeader(Stream stream, string model, IReadOnlyList<TensorContent> tensors, ReadOnlySpan<(string Key, string Value)> metadata)
    {
        var header = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");

            // The layouts are PyTorch's, and its loaders expect this entry.
            json.WriteString("format", "pt");
            json.WriteString(ModelKey, model);
            foreach (var (key, value) in metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
            var at = 0L;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type);
                json.WriteStartArray("shape");
                foreach (var extent in tensor.Shape)
                    json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += tensor.Bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var pads = (Alignment - (header.WrittenCount % Alignment)) % Alignment;
        header.GetSpan(pads)[..pads].Fill((byte)' ');
        header.Advance(pads);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.WrittenCount);
        stream.Write(prefix);
        stream.Write(header.WrittenSpan);
    }
}

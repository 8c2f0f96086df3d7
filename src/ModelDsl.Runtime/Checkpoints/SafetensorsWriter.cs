using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using ModelDsl.Files;

namespace ModelDsl.Checkpoints;

/// <summary>Writes tensors as a safetensors file.</summary>
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
    public static void Write(string path, string model, IReadOnlyList<WrittenTensor> tensors)
    {
        OutputFile.Write(path, stream =>
        {
            WriteHeader(stream, model, tensors);
            foreach (var tensor in tensors)
                WriteValues(stream, tensor);
        });
    }

    private static void WriteHeader(Stream stream, string model, IReadOnlyList<WrittenTensor> tensors)
    {
        var header = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");

            // The layouts are PyTorch's, and its loaders expect this entry.
            json.WriteString("format", "pt");
            json.WriteString(ModelKey, model);
            json.WriteEndObject();
            var at = 0L;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var extent in tensor.Shape)
                    json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += sizeof(float) * (long)tensor.Count);
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

    private static void WriteValues(Stream stream, WrittenTensor tensor)
    {
        var values = ArrayPool<float>.Shared.Rent(tensor.Count);
        tensor.Read(values.AsSpan(0, tensor.Count));
        var bytes = ArrayPool<byte>.Shared.Rent(1 << 16);
        for (var done = 0; done < tensor.Count;)
        {
            var count = Math.Min(tensor.Count - done, bytes.Length / sizeof(float));
            for (var i = 0; i < count; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float) * i), values[done + i]);
            stream.Write(bytes, 0, count * sizeof(float));
            done += count;
        }

        ArrayPool<byte>.Shared.Return(bytes);
        ArrayPool<float>.Shared.Return(values);
    }
}

/// <summary>A tensor that is written.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="Read">Fills a span of this length with all elements in row-major order.</param>
internal sealed record WrittenTensor(string Name, IReadOnlyList<long> Shape, int Count, Action<Span<float>> Read);

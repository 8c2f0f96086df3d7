using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using ModelDsl.Files;

namespace ModelDsl.Onnx.Importer.Weights;

/// <summary>Writes weights as a safetensors file, one tensor after the other, so that only one is converted at a time.</summary>
internal static class WeightFile
{
    private const int Alignment = 8;

    /// <summary>Writes a file. An existing one is replaced when the new one is complete.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="model">The name of the model.</param>
    /// <param name="tensors">The weights.</param>
    public static void Write(string path, string model, IReadOnlyList<WeightTensor> tensors) => OutputFile.Write(path, stream => Write(stream, model, tensors));

    private static void Write(Stream stream, string model, IReadOnlyList<WeightTensor> tensors)
    {
        var header = Header(model, tensors);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var tensor in tensors)
        {
            var values = tensor.Values();
            if (values.Length != Values.Sizes.Product(tensor.Shape))
                throw new InvalidOperationException($"'{tensor.Name}' of shape {Values.Sizes.Text(tensor.Shape)} has {values.Length} values.");
            Write(stream, values);
        }
    }

    private static void Write(Stream stream, float[] values)
    {
        if (!BitConverter.IsLittleEndian)
        {
            foreach (ref var bits in MemoryMarshal.Cast<float, uint>(values.AsSpan()))
                bits = BinaryPrimitives.ReverseEndianness(bits);
        }

        stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static byte[] Header(string model, IReadOnlyList<WeightTensor> tensors)
    {
        var header = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteString("model", model);
            json.WriteEndObject();
            var at = 0L;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += 4 * Values.Sizes.Product(tensor.Shape));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var pads = (Alignment - (header.WrittenCount % Alignment)) % Alignment;
        header.GetSpan(pads)[..pads].Fill((byte)' ');
        header.Advance(pads);
        return header.WrittenSpan.ToArray();
    }
}

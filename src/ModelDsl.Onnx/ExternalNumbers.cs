using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx;

/// <summary>Tensors whose numbers are in a second file beside the ONNX file. They are read when that file is written, one after the other.</summary>
/// <param name="file">The name of the second file.</param>
internal sealed class ExternalNumbers(string file)
{
    /// <summary>The numbers of a tensor begin at a multiple of this number of bytes, so that readers can map them.</summary>
    private const long Alignment = 4096;

    private readonly List<(TensorProto Tensor, Func<float[]> Read)> tensors = [];

    /// <summary>What follows the name of the ONNX file in that of the second file.</summary>
    public const string Extension = ".data";

    /// <summary>Adds a tensor.</summary>
    /// <param name="tensor">The tensor, without numbers.</param>
    /// <param name="read">Returns its numbers.</param>
    public void Add(TensorProto tensor, Func<float[]> read) => tensors.Add((tensor, read));

    /// <summary>Gives the tensors that the ONNX file has their locations, one after the other, and leaves out the others.</summary>
    /// <param name="used">The tensors of the ONNX file.</param>
    public void Locate(IEnumerable<TensorProto> used)
    {
        var names = used.Select(tensor => tensor.Name).ToHashSet();
        tensors.RemoveAll(one => !names.Contains(one.Tensor.Name));
        var offset = 0L;
        foreach (var (tensor, _) in tensors)
        {
            var length = tensor.Dims.Aggregate((long)sizeof(float), (product, extent) => product * extent);
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            Entry("location", file);
            Entry("offset", offset.ToString(CultureInfo.InvariantCulture));
            Entry("length", length.ToString(CultureInfo.InvariantCulture));
            offset = Aligned(offset + length);

            void Entry(string key, string value) => tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        }
    }

    /// <summary>Writes the second file.</summary>
    public void Write(Stream stream)
    {
        var offset = 0L;
        foreach (var (_, read) in tensors)
        {
            // Not by seeking: the stream may be a pipe.
            stream.Write(new byte[Aligned(offset) - offset]);
            var numbers = read();
            Write(stream, numbers);
            offset = Aligned(offset) + ((long)numbers.Length * sizeof(float));
        }
    }

    private static long Aligned(long offset) => (offset + Alignment - 1) / Alignment * Alignment;

    private static void Write(Stream stream, float[] numbers)
    {
        if (!BitConverter.IsLittleEndian)
        {
            var bits = MemoryMarshal.Cast<float, uint>(numbers.AsSpan());
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }

        // In parts, because the number of bytes may exceed the length of a span.
        for (var rest = numbers.AsSpan(); rest.Length > 0; rest = rest[Math.Min(rest.Length, 1 << 20)..])
            stream.Write(MemoryMarshal.AsBytes(rest[..Math.Min(rest.Length, 1 << 20)]));
    }
}

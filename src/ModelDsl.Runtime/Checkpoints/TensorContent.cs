using System.Buffers;
using ModelDsl.Compiled;

namespace ModelDsl.Checkpoints;

/// <summary>A tensor to write to a safetensors file.</summary>
/// <param name="name">The name in the file.</param>
/// <param name="type">The element type as in the file.</param>
/// <param name="shape">The shape.</param>
internal abstract class TensorContent(string name, string type, int[] shape)
{
    /// <summary>The name in the file.</summary>
    public string Name { get; set; } = name;

    /// <summary>The element type as in the file.</summary>
    public string Type { get; } = type;

    /// <summary>The shape.</summary>
    public int[] Shape { get; } = shape;

    /// <summary>The number of bytes.</summary>
    public long Bytes => Shape.Aggregate((long)SafetensorsEntry.SizeOf(Type), static (product, extent) => product * extent);

    /// <summary>Writes the values.</summary>
    public abstract void Write(Stream stream);
}

/// <summary>Floats that are read when they are written.</summary>
/// <param name="name">The name in the file.</param>
/// <param name="shape">The shape.</param>
/// <param name="read">Fills a span with all elements in row-major order.</param>
internal sealed class FloatsContent(string name, int[] shape, Action<Span<float>> read) : TensorContent(name, "F32", shape)
{
    /// <summary>A parameter or state of a model.</summary>
    public static FloatsContent Of(ParameterTensor tensor) => new(tensor.Name, [.. tensor.Shape], tensor.ReadAll);

    public override void Write(Stream stream)
    {
        var count = Extents.Product(Name, Shape);
        var values = ArrayPool<float>.Shared.Rent(count);
        read(values.AsSpan(0, count));
        LittleEndian.Write(stream, values.AsSpan(0, count));
        ArrayPool<float>.Shared.Return(values);
    }
}

/// <summary>An array of numbers.</summary>
internal sealed class ArrayContent<T>(string name, string type, ReadOnlyMemory<T> values) : TensorContent(name, type, [values.Length])
    where T : unmanaged
{
    public override void Write(Stream stream) => LittleEndian.Write(stream, values.Span);
}

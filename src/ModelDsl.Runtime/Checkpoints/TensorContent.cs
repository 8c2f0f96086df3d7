using System.Buffers;

namespace ModelDsl.Checkpoints;

/// <summary>A tensor to write to a safetensors file.</summary>
/// <param name="name">The name in the file.</param>
/// <param name="type">The element type as in the file.</param>
/// <param name="shape">The shape.</param>
internal abstract class TensorContent(string name, string type, IReadOnlyList<long> shape)
{
    /// <summary>The name in the file.</summary>
    public string Name { get; set; } = name;

    /// <summary>The element type as in the file.</summary>
    public string Type { get; } = type;

    /// <summary>The shape.</summary>
    public IReadOnlyList<long> Shape { get; } = shape;

    /// <summary>The number of bytes.</summary>
    public long Bytes => Shape.Aggregate((long)SafetensorsEntry.SizeOf(Type), static (product, extent) => product * extent);

    /// <summary>Writes the values.</summary>
    public abstract void Write(Stream stream);
}

/// <summary>Floats that are read when they are written, such as a parameter.</summary>
/// <param name="name">The name in the file.</param>
/// <param name="shape">The shape.</param>
/// <param name="count">The number of elements.</param>
/// <param name="read">Fills a span of this length with all elements in row-major order.</param>
internal sealed class FloatContent(string name, IReadOnlyList<long> shape, int count, Action<Span<float>> read) : TensorContent(name, "F32", shape)
{
    /// <summary>A parameter or state of a model.</summary>
    public static FloatContent Of(ParameterTensor tensor) => Of(tensor, tensor.ReadAll);

    /// <summary>Floats with the name and the shape of a parameter, such as the state of an optimizer.</summary>
    public static FloatContent Of(ParameterTensor tensor, Action<Span<float>> read) =>
        new(tensor.Name, [.. tensor.Shape.Select(static extent => (long)extent)], tensor.Count, read);

    public override void Write(Stream stream)
    {
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

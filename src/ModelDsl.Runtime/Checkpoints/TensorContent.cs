using System.Buffers;

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

/// <summary>A parameter or state of a model.</summary>
internal sealed class ModelContent(ParameterTensor tensor) : TensorContent(tensor.Name, "F32", [.. tensor.Shape])
{
    public override void Write(Stream stream)
    {
        var values = ArrayPool<float>.Shared.Rent(tensor.Count);
        tensor.ReadAll(values.AsSpan(0, tensor.Count));
        LittleEndian.Write(stream, values.AsSpan(0, tensor.Count));
        ArrayPool<float>.Shared.Return(values);
    }
}

/// <summary>An array of numbers.</summary>
internal sealed class ArrayContent<T>(string name, string type, ReadOnlyMemory<T> values) : TensorContent(name, type, [values.Length])
    where T : unmanaged
{
    public override void Write(Stream stream) => LittleEndian.Write(stream, values.Span);
}

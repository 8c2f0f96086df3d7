using System.Buffers;
using System.Collections.ObjectModel;
using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Devices.Cpu;
using ModelDsl.Parameters;

namespace ModelDsl;

/// <summary>A named tensor of a model, read and written by its logical shape (as in PyTorch), whatever its layout in memory is.</summary>
public abstract class ParameterTensor
{
    private readonly Model model;
    private readonly DeviceBuffer buffer;
    private readonly LayoutMap map;

    private protected ParameterTensor(Model model, ParameterDescription description, DeviceBuffer buffer, LayoutMap map)
    {
        this.model = model;
        Description = description;
        this.buffer = buffer;
        this.map = map;
        Shape = Array.AsReadOnly(description.Shape);
    }

    /// <summary>The name, such as <c>dense1.weight</c>, which files use too.</summary>
    public string Name => Description.Name;

    /// <summary>The logical shape; a dense weight is [out, in].</summary>
    public ReadOnlyCollection<int> Shape { get; }

    /// <summary>The number of elements.</summary>
    public int Count => Description.Length;

    /// <summary>Gets or sets one element.</summary>
    /// <param name="indices">One index per axis.</param>
    /// <exception cref="ArgumentException">The number of indices differs from the number of axes, or an index is out of range.</exception>
    public float this[params ReadOnlySpan<int> indices]
    {
        get
        {
            var offset = OffsetOf(indices);
            var value = 0f;
            using (model.Read())
                buffer.Read(offset, new Span<float>(ref value));
            return value;
        }

        set
        {
            var offset = OffsetOf(indices);
            using (model.Write())
                buffer.Write(offset, new ReadOnlySpan<float>(in value));
            Written(model);
        }
    }

    /// <summary>Copies all elements in row-major order of the logical shape.</summary>
    /// <param name="destination">The destination, of exactly <see cref="Count"/> floats.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void CopyTo(Span<float> destination)
    {
        CheckLength(destination.Length, nameof(destination));
        using (model.Read())
            ReadAll(destination);
    }

    /// <summary>Returns all elements in a new array, in row-major order of the logical shape.</summary>
    public float[] ToArray()
    {
        var values = new float[Count];
        CopyTo(values);
        return values;
    }

    /// <summary>Sets all elements, in row-major order of the logical shape.</summary>
    /// <param name="source">The values, exactly <see cref="Count"/> floats.</param>
    /// <exception cref="ArgumentException">The source has another length.</exception>
    public void CopyFrom(ReadOnlySpan<float> source)
    {
        CheckLength(source.Length, nameof(source));
        using (model.Write())
            WriteAll(source);
        Written(model);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{string.Join(", ", Shape)}]";

    internal ParameterDescription Description { get; }

    internal void ReadAll(Span<float> destination) => ReadAll(buffer, Description.Offset, destination);

    /// <summary>Reads elements from another buffer with the same layout, such as the state of an optimizer.</summary>
    /// <param name="source">The buffer.</param>
    /// <param name="start">The offset of the tensor in the buffer.</param>
    /// <param name="destination">The elements in row-major order of the logical shape.</param>
    internal void ReadAll(DeviceBuffer source, int start, Span<float> destination)
    {
        if (source is CpuBuffer cpu)
        {
            map.Gather(cpu.Span.Slice(start, Description.Layout.Floats), destination);
            return;
        }

        var physical = ArrayPool<float>.Shared.Rent(Description.Layout.Floats);
        var part = physical.AsSpan(0, Description.Layout.Floats);
        source.Read(start, part);
        map.Gather(part, destination);
        ArrayPool<float>.Shared.Return(physical);
    }

    /// <summary>Writes elements to another buffer with the same layout, whose pads keep their values.</summary>
    /// <param name="source">The elements in row-major order of the logical shape.</param>
    /// <param name="destination">The buffer.</param>
    /// <param name="start">The offset of the tensor in the buffer.</param>
    internal void WriteAll(ReadOnlySpan<float> source, DeviceBuffer destination, int start)
    {
        if (destination is CpuBuffer cpu)
        {
            map.Scatter(source, cpu.Span.Slice(start, Description.Layout.Floats));
            return;
        }

        var physical = ArrayPool<float>.Shared.Rent(Description.Layout.Floats);
        var part = physical.AsSpan(0, Description.Layout.Floats);
        destination.Read(start, part);
        map.Scatter(source, part);
        destination.Write(start, part);
        ArrayPool<float>.Shared.Return(physical);
    }

    /// <summary>Writes elements to the buffer of the model. Pads become 0.</summary>
    /// <param name="source">The elements in row-major order of the logical shape.</param>
    internal void WriteAll(ReadOnlySpan<float> source)
    {
        if (buffer is CpuBuffer cpu)
        {
            var own = cpu.Span.Slice(Description.Offset, Description.Layout.Floats);
            own.Clear();
            map.Scatter(source, own);
            return;
        }

        var physical = ArrayPool<float>.Shared.Rent(Description.Layout.Floats);
        var part = physical.AsSpan(0, Description.Layout.Floats);
        part.Clear();
        map.Scatter(source, part);
        buffer.Write(Description.Offset, part);
        ArrayPool<float>.Shared.Return(physical);
    }

    /// <summary>Whether an element is infinite or NaN. Pads are 0, so they need no exception.</summary>
    internal bool HasNonFinite()
    {
        var physical = ArrayPool<float>.Shared.Rent(Description.Layout.Floats);
        var part = physical.AsSpan(0, Description.Layout.Floats);
        buffer.Read(Description.Offset, part);
        var found = FirstNonFinite.In(part) >= 0;
        ArrayPool<float>.Shared.Return(physical);
        return found;
    }

    private protected virtual void Written(Model model)
    {
    }

    private int OffsetOf(ReadOnlySpan<int> indices)
    {
        var shape = Description.Shape;
        if (indices.Length != shape.Length)
            throw new ArgumentException($"{this} has {shape.Length} axes, but {indices.Length} indices were given.", nameof(indices));
        for (var axis = 0; axis < shape.Length; axis++)
        {
            if ((uint)indices[axis] >= (uint)shape[axis])
                throw new ArgumentOutOfRangeException(nameof(indices), indices[axis], $"Index {axis} of {this} must lie in 0 to {shape[axis] - 1}.");
        }

        return Description.Offset + map.OffsetOf(indices);
    }

    private void CheckLength(int length, string argument)
    {
        if (length != Count)
            throw new ArgumentException($"{this} has {Count} elements, but the span has {length}.", argument);
    }
}

/// <summary>A parameter of a model.</summary>
public sealed class Parameter : ParameterTensor
{
    private readonly Gradient? gradient;

    internal Parameter(Model model, ParameterDescription description, DeviceBuffer buffer, LayoutMap map, Gradient? gradient)
        : base(model, description, buffer, map)
    {
        this.gradient = gradient;
    }

    /// <summary>False for a frozen parameter, which no optimizer changes.</summary>
    public bool IsTrainable => gradient is not null;

    /// <summary>The gradient of the mean loss with respect to this parameter, from the last backward pass.</summary>
    /// <exception cref="InvalidOperationException">The parameter is frozen.</exception>
    public Gradient Gradient => gradient ?? throw new InvalidOperationException($"{this} is frozen and has no gradient.");
}

/// <summary>A value that a model keeps from step to step and that is not trained.</summary>
public sealed class State : ParameterTensor
{
    internal State(Model model, ParameterDescription description, DeviceBuffer buffer, LayoutMap map)
        : base(model, description, buffer, map)
    {
    }
}

/// <summary>The gradient of a model's mean loss with respect to one of its parameters.</summary>
public sealed class Gradient : ParameterTensor
{
    internal Gradient(Model model, ParameterDescription description, DeviceBuffer buffer, LayoutMap map)
        : base(model, description, buffer, map)
    {
    }

    private protected override void Written(Model model) => model.GradientsWritten();
}

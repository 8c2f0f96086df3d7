using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Memory;

/// <summary>Where a buffer lives.</summary>
internal enum Space
{
    /// <summary>A column of the batch.</summary>
    Column,

    /// <summary>The flat parameter buffer.</summary>
    Parameters,

    /// <summary>The flat gradient buffer.</summary>
    Gradients,

    /// <summary>The arena of values with a batch axis; offsets count per sample.</summary>
    Batched,

    /// <summary>The arena of values without a batch axis.</summary>
    Fixed,

    /// <summary>Memory that each worker has of its own. A task finds nothing in it that another has left.</summary>
    Worker,
}

/// <summary>A buffer with the layout of the value in it. Offsets in the arenas are planned after the schedule has said what is alive when.</summary>
/// <param name="name">What the buffer is called in generated code.</param>
/// <param name="space">Where it lives.</param>
/// <param name="layout">How elements are spread.</param>
/// <param name="length">Its length in elements; per sample in the batched space.</param>
/// <param name="type">The type of its elements.</param>
/// <param name="whole">The buffer this is a part of, under a layout of its own.</param>
internal sealed class Storage(string name, Space space, Layout layout, int length, ElementType type = ElementType.Float, Storage? whole = null)
{
    /// <summary>The buffer itself: what is planned, and what kernels are launched on.</summary>
    public Storage Whole => whole ?? this;

    public string Name { get; } = name;

    public Space Space { get; } = space;

    public Layout Layout { get; } = layout;

    /// <summary>The length in elements; per sample in the batched space.</summary>
    public int Length { get; } = length;

    public ElementType Type { get; } = type;

    /// <summary>The length in bytes; per sample in the batched space.</summary>
    public long Bytes => (long)Length * Type.Size();

    /// <summary>The start in its space in bytes; −1 until it is planned.</summary>
    public long ByteOffset { get; set; } = -1;

    /// <summary>The index of a column; −1 in other spaces.</summary>
    public int Column { get; init; } = -1;

    /// <summary>The start in its space in elements, or the index of a column; −1 until it is planned.</summary>
    public int Offset => Space == Space.Column ? Column : ByteOffset < 0 ? -1 : checked((int)(ByteOffset / Type.Size()));

    public override string ToString() => $"{Name}: {Space}";
}

using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Memory;

/// <summary>The memory that contains a buffer.</summary>
internal enum Space
{
    /// <summary>A column of the batch.</summary>
    Column,

    /// <summary>The flat parameter buffer.</summary>
    Parameters,

    /// <summary>Copies of parameters in other layouts, which all plans of a model that only read parameters share. They persist until parameters change.</summary>
    ParameterCopies,

    /// <summary>The flat gradient buffer.</summary>
    Gradients,

    /// <summary>The arena of values with a batch axis; offsets are per sample.</summary>
    Batched,

    /// <summary>The arena of values without a batch axis.</summary>
    Fixed,

    /// <summary>The buffers of a session, which persist between calls. Offsets are per sample.</summary>
    Cache,

    /// <summary>The memory of a worker. A task must not expect values of earlier tasks in it.</summary>
    Worker,
}

/// <summary>A buffer with the layout of its value. Offsets in the arenas are assigned after the schedule, which decides when buffers are live.</summary>
/// <param name="name">The name of the buffer in generated code.</param>
/// <param name="space">The memory that contains it.</param>
/// <param name="layout">How elements lie in it.</param>
/// <param name="length">The length in elements; per sample in the batched space.</param>
/// <param name="type">The type of its elements.</param>
/// <param name="whole">The buffer that this is a part of, with another layout.</param>
internal sealed class Storage(string name, Space space, Layout layout, int length, ElementType type = ElementType.Float, Storage? whole = null)
{
    /// <summary>The whole buffer. The offset belongs to it, and kernels receive it as an argument.</summary>
    public Storage Whole => whole ?? this;

    public string Name { get; } = name;

    public Space Space { get; } = space;

    public Layout Layout { get; } = layout;

    /// <summary>The length in elements; per sample in the batched space.</summary>
    public int Length { get; } = length;

    public ElementType Type { get; } = type;

    /// <summary>The length in bytes; per sample in the batched space.</summary>
    public long Bytes => (long)Length * Type.Size();

    /// <summary>The offset in its space in bytes; −1 until it is planned.</summary>
    public long ByteOffset { get; set; } = -1;

    /// <summary>The index of a column; −1 in other spaces.</summary>
    public int Column { get; init; } = -1;

    /// <summary>Whether a step writes only some rows. The others are 0 before it.</summary>
    public bool IsSparse { get; init; }

    /// <summary>Whether its values last from one run of the plan to the next: no other buffer is in the same memory.</summary>
    public bool Lasts { get; set; }

    /// <summary>The offset in its space in elements, or the index of a column; −1 until it is planned.</summary>
    public int Offset => Space == Space.Column ? Column : ByteOffset < 0 ? -1 : checked((int)(ByteOffset / Type.Size()));

    public override string ToString() => $"{Name}: {Space}";
}

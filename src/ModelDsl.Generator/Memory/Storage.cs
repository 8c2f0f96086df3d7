using ModelDsl.Generator.Common;
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

    /// <summary>The arena of values with a batch axis; offsets count floats per sample.</summary>
    Batched,

    /// <summary>The arena of values without a batch axis.</summary>
    Fixed,
}

/// <summary>A buffer with the layout of the value in it. Offsets in the arenas are planned after the schedule has said what is alive when.</summary>
/// <param name="name">What the buffer is called in generated code.</param>
/// <param name="space">Where it lives.</param>
/// <param name="layout">How elements are spread.</param>
/// <param name="floats">Its length; per sample in the batched space.</param>
/// <param name="whole">The buffer this is a part of, under a layout of its own.</param>
internal sealed class Storage(string name, Space space, Layout layout, int floats, ElementType type = ElementType.Float, Storage? whole = null)
{
    /// <summary>The buffer itself: what is planned, and what kernels are launched on.</summary>
    public Storage Whole => whole ?? this;

    public string Name { get; } = name;

    public Space Space { get; } = space;

    public Layout Layout { get; } = layout;

    public int Floats { get; } = floats;

    public ElementType Type { get; } = type;

    /// <summary>The start in its space, or the index of a column.</summary>
    public int Offset { get; set; } = -1;

    public override string ToString() => $"{Name}: {Space}";
}

/// <summary>How the elements of a value are spread over a buffer.</summary>
internal abstract record Layout;

/// <summary>Element (i₀, i₁, …) lies at <c>Base + Σ Strides[k] · i_k</c>.</summary>
internal sealed record Strided(IReadOnlyList<int> Strides, int Base = 0) : Layout
{
    /// <summary>Row-major without gaps. The batch axis strides over one sample.</summary>
    public static Strided RowMajor(Shape shape)
    {
        var strides = new int[shape.Rank];
        var stride = 1;
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            if (!shape[axis].IsBatch) stride = checked(stride * shape[axis].Value);
        }

        return new Strided(strides);
    }

    public bool IsRowMajor(Shape shape) => Base == 0 && Strides.SequenceEqual(RowMajor(shape).Strides);
}

/// <summary>
/// A matrix in panels of <see cref="Width"/> columns, as contraction kernels read it: <c>[groups][columns / 32][rows][32]</c>, pads zero. The matrix's
/// columns are the value's axis <paramref name="ColumnAxis"/>, its rows the other axes in the order of <paramref name="RowAxes"/>, outermost first.
/// </summary>
/// <param name="ColumnAxis">The axis along the panels.</param>
/// <param name="Columns">Columns of a group.</param>
/// <param name="Rows">Rows of a panel.</param>
/// <param name="RowAxes">The other axes of the value.</param>
/// <param name="Groups">Parts of the column axis that have panels of their own.</param>
internal sealed record Panels(int ColumnAxis, int Columns, int Rows, EquatableArray<int> RowAxes, int Groups = 1) : Layout
{
    public const int Width = 32;

    /// <summary>Panels of a group.</summary>
    public int GroupCount => (Columns + Width - 1) / Width;

    public int Count => Groups * GroupCount;

    public int Floats => Count * Rows * Width;

    public int PanelStride => Rows * Width;
}

using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Memory;

/// <summary>How the elements of a value lie in a buffer. All arithmetic on offsets in a layout is in its class.</summary>
internal abstract record Layout
{
    /// <summary>The offset of an element as a sum of terms of its indices, in mixed radix.</summary>
    /// <param name="shape">The shape of the value.</param>
    public abstract IReadOnlyList<LayoutTerm> Terms(Shape shape);
}

/// <summary>A term of an offset: <c>((index / Divisor) mod Modulus) · Stride</c>; a modulus of 0 means none.</summary>
/// <param name="Axis">The axis of the value.</param>
/// <param name="Divisor">The divisor of the index.</param>
/// <param name="Modulus">The modulus of the quotient.</param>
/// <param name="Stride">The factor of the term, in elements.</param>
internal readonly record struct LayoutTerm(int Axis, int Divisor, int Modulus, int Stride);

/// <summary>Element (i₀, i₁, …) is at <c>Base + Σ Strides[k] · i_k</c>.</summary>
internal sealed record Strided(IReadOnlyList<int> Strides, int Base = 0) : Layout
{
    /// <summary>Row-major without gaps. The stride of the batch axis is the size of one sample.</summary>
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

    /// <summary>
    /// Returns the layout of the same elements in the same order with another shape; null if there are gaps between elements. There may be gaps between samples.
    /// </summary>
    /// <param name="shape">The shape of this layout.</param>
    /// <param name="other">The other shape, with a batch axis if the first has one.</param>
    public Strided? Reshaped(Shape shape, Shape other)
    {
        var lead = shape.HasBatch ? 1 : 0;
        if (!Strides.Skip(lead).SequenceEqual(RowMajor(shape).Strides.Skip(lead))) return null;
        return new([.. Strides.Take(lead), .. RowMajor(other).Strides.Skip(lead)], Base);
    }

    public override IReadOnlyList<LayoutTerm> Terms(Shape shape) => [.. Strides.Select((stride, axis) => new LayoutTerm(axis, 1, 0, stride))];
}

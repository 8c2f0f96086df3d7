using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Memory;

/// <summary>How the elements of a value are spread over a buffer. A layout does all arithmetic on its positions itself.</summary>
internal abstract record Layout
{
    /// <summary>The position of an element as a sum of digits of its indices.</summary>
    /// <param name="shape">The shape of the value.</param>
    public abstract IReadOnlyList<LayoutDigit> Digits(Shape shape);
}

/// <summary>A term of a position: <c>((index / Divisor) mod Modulus) · Stride</c>; a modulus of 0 means none.</summary>
/// <param name="Axis">The axis of the value.</param>
/// <param name="Divisor">What the index is divided by.</param>
/// <param name="Modulus">What the quotient is reduced by.</param>
/// <param name="Stride">What the digit is multiplied by, in elements.</param>
internal readonly record struct LayoutDigit(int Axis, int Divisor, int Modulus, int Stride);

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

    /// <summary>
    /// The same elements in the same order under another shape; null where there are gaps between them. Between samples there may be.
    /// </summary>
    /// <param name="shape">The shape they have.</param>
    /// <param name="other">The other, with a batch axis if the first has one.</param>
    public Strided? Reshaped(Shape shape, Shape other)
    {
        var lead = shape.HasBatch ? 1 : 0;
        if (!Strides.Skip(lead).SequenceEqual(RowMajor(shape).Strides.Skip(lead))) return null;
        return new([.. Strides.Take(lead), .. RowMajor(other).Strides.Skip(lead)], Base);
    }

    public override IReadOnlyList<LayoutDigit> Digits(Shape shape) => [.. Strides.Select((stride, axis) => new LayoutDigit(axis, 1, 0, stride))];
}

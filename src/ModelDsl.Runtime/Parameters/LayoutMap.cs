using ModelDsl.Compiled;

namespace ModelDsl.Parameters;

/// <summary>
/// The physical offsets of logical elements. Each term of a layout depends on one axis only, so the offset of an element is a sum of one table entry per
/// axis, and copying needs no divisions.
/// </summary>
internal sealed class LayoutMap
{
    private readonly int[] shape;
    private readonly int[][] offsets;

    /// <summary>Creates the tables.</summary>
    /// <param name="shape">The logical shape.</param>
    /// <param name="layout">The layout.</param>
    public LayoutMap(int[] shape, ParameterLayout layout)
    {
        this.shape = shape;
        offsets = new int[shape.Length][];
        for (var axis = 0; axis < shape.Length; axis++)
        {
            offsets[axis] = new int[shape[axis]];
            foreach (var term in layout.Terms)
            {
                if (term.Axis == axis)
                    Add(offsets[axis], term);
            }
        }
    }

    /// <summary>Returns the part of the offset of each index of an axis.</summary>
    /// <param name="axis">The axis.</param>
    public ReadOnlySpan<int> OffsetsOf(int axis) => offsets[axis];

    /// <summary>Returns the offset of an element, relative to the parameter's offset.</summary>
    /// <param name="indices">One valid index per axis.</param>
    public int OffsetOf(ReadOnlySpan<int> indices)
    {
        var offset = 0;
        for (var axis = 0; axis < indices.Length; axis++)
            offset += offsets[axis][indices[axis]];
        return offset;
    }

    /// <summary>Copies all elements from their offsets to row-major order.</summary>
    /// <param name="physical">The parameter's part of the flat buffer.</param>
    /// <param name="logical">The elements.</param>
    public void Gather(ReadOnlySpan<float> physical, Span<float> logical)
    {
        Span<int> indices = stackalloc int[shape.Length];
        for (var at = 0; at < logical.Length; Advance(indices))
        {
            var row = Row(indices);
            var inner = Inner();
            foreach (var offset in inner)
                logical[at++] = physical[row + offset];
        }
    }

    /// <summary>Copies all elements from row-major order to their offsets; pads do not change.</summary>
    /// <param name="logical">The elements.</param>
    /// <param name="physical">The parameter's part of the flat buffer.</param>
    public void Scatter(ReadOnlySpan<float> logical, Span<float> physical)
    {
        Span<int> indices = stackalloc int[shape.Length];
        for (var at = 0; at < logical.Length; Advance(indices))
        {
            var row = Row(indices);
            var inner = Inner();
            foreach (var offset in inner)
                physical[row + offset] = logical[at++];
        }
    }

    private static void Add(int[] offsets, LayoutTerm term)
    {
        for (var i = 0; i < offsets.Length; i++)
        {
            var digit = i / term.Divisor;
            offsets[i] += (term.Modulus == 0 ? digit : digit % term.Modulus) * term.Stride;
        }
    }

    private ReadOnlySpan<int> Inner() => shape.Length == 0 ? [0] : offsets[^1];

    private int Row(ReadOnlySpan<int> indices)
    {
        var offset = 0;
        for (var axis = 0; axis < indices.Length - 1; axis++)
            offset += offsets[axis][indices[axis]];
        return offset;
    }

    private void Advance(Span<int> indices)
    {
        for (var axis = indices.Length - 2; axis >= 0; axis--)
        {
            if (++indices[axis] < shape[axis])
                return;
            indices[axis] = 0;
        }
    }
}

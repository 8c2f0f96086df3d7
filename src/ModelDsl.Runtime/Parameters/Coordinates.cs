namespace ModelDsl.Parameters;

/// <summary>Indices of the elements of a tensor, in row-major order.</summary>
internal static class Coordinates
{
    /// <summary>Advances indices to the next element.</summary>
    /// <param name="indices">One index for each axis.</param>
    /// <param name="shape">The shape.</param>
    /// <returns>False after the last element.</returns>
    public static bool Advance(Span<int> indices, ReadOnlySpan<int> shape)
    {
        for (var axis = indices.Length - 1; axis >= 0; axis--)
        {
            if (++indices[axis] < shape[axis])
                return true;
            indices[axis] = 0;
        }

        return false;
    }

    /// <summary>Returns the indices of an element.</summary>
    /// <param name="element">The index of the element in row-major order.</param>
    /// <param name="shape">The shape.</param>
    public static int[] Of(int element, ReadOnlySpan<int> shape)
    {
        var indices = new int[shape.Length];
        for (var axis = shape.Length - 1; axis >= 0; axis--)
            (element, indices[axis]) = Math.DivRem(element, shape[axis]);
        return indices;
    }
}

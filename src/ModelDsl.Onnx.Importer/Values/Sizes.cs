namespace ModelDsl.Onnx.Importer.Values;

/// <summary>Sizes of axes.</summary>
internal static class Sizes
{
    /// <summary>
    /// Stands for the number of samples. It is a prime that is larger than sizes in files, so that arithmetic on shapes gives multiples of it, in which it is found again. This is simpler than
    /// arithmetic with a symbol, and all arithmetic of the format works on it.
    /// </summary>
    public const long Batch = 1_000_003;

    /// <summary>The largest number of values of a tensor that is computed during the import.</summary>
    public const long MostComputed = 1L << 26;

    /// <summary>Returns the number of values of a shape; null if a size is negative, or the number is too large for a tensor.</summary>
    public static long? CountOf(IEnumerable<long> shape)
    {
        var count = (Int128)1;
        foreach (var size in shape)
        {
            if (size < 0) return null;
            count *= size;
            if (count > long.MaxValue / 64) return null;
        }

        return (long)count;
    }

    /// <summary>Returns the product of sizes.</summary>
    public static long Product(IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether a value can be repeated along axes to a shape, whose axes are matched from the last one on.</summary>
    public static bool Fits(IReadOnlyList<long> shape, IReadOnlyList<long> into) =>
        shape.Count <= into.Count && Enumerable.Range(0, shape.Count).All(axis => shape[axis] == 1 || shape[axis] == into[into.Count - shape.Count + axis]);

    /// <summary>Returns a shape as text, with N for the number of samples.</summary>
    public static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape.Select(size => size == Batch ? "N" : size > 0 && size % Batch == 0 ? $"{size / Batch}·N" : $"{size}"))}]";

    /// <summary>Returns the distance of adjacent elements along each axis, in row-major order.</summary>
    public static long[] Strides(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        var stride = 1L;
        for (var axis = shape.Count - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }
}

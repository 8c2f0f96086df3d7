using ModelDsl.Compiled;

namespace ModelDsl.Onnx.Export;

/// <summary>Indices that a map computes for all elements of some axes, as tables that are part of the file.</summary>
internal static class ElementTable
{
    /// <summary>The axes that a map depends on, without the samples, in ascending order.</summary>
    public static int[] AxesOf(GraphCoordinate[] map, int[] domain) =>
        [.. map.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis).Where(axis => domain[axis] >= 0).Distinct().Order()];

    /// <summary>Whether a coordinate is inside an axis for every index of the domain.</summary>
    public static bool IsInside(GraphCoordinate coordinate, int extent, int[] domain)
    {
        if (extent < 0)
            return true;
        var (low, high) = (coordinate.Offset, coordinate.Offset);
        foreach (var term in coordinate.Terms)
        {
            var last = term.Scale * (domain[term.Axis] - 1);
            (low, high) = (low + Math.Min(0, last), high + Math.Max(0, last));
        }

        return low >= 0 && high < extent;
    }

    /// <summary>Calls a function for every index over some axes, in row-major order. The indices of other axes are 0.</summary>
    public static void ForEach(int[] axes, int[] domain, Action<int[]> visit)
    {
        var indices = new int[domain.Length];
        while (true)
        {
            visit(indices);
            var position = axes.Length - 1;
            for (; position >= 0 && ++indices[axes[position]] == domain[axes[position]]; position--)
                indices[axes[position]] = 0;
            if (position < 0)
                return;
        }
    }

    /// <summary>Returns the row-major index of an element within a sample; −1 if a coordinate is out of bounds.</summary>
    public static long IndexOf(GraphCoordinate[] map, int[] shape, int[] indices)
    {
        var index = 0L;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] < 0)
                continue;
            var at = map[axis].Offset + map[axis].Terms.Sum(term => term.Scale * indices[term.Axis]);
            if (at < 0 || at >= shape[axis])
                return -1;
            index = (index * shape[axis]) + at;
        }

        return index;
    }

    /// <summary>Returns the number of elements for the given axes.</summary>
    /// <exception cref="NotSupportedException">They are too many for a table.</exception>
    public static int Count(string name, IEnumerable<int> extents)
    {
        var count = extents.Aggregate(1L, (product, extent) => checked(product * extent));
        return count <= int.MaxValue / sizeof(long)
            ? (int)count
            : throw new NotSupportedException($"'{name}' cannot be written as ONNX: it reads {count:N0} elements at coordinates for which ONNX has no operator, which is too many for a table of them.");
    }
}

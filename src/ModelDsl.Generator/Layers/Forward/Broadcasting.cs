using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// Elementwise operations on two tensors. The axes of a sample are matched from the last axis on. If one tensor does not have an axis, or has a single
/// element along it, it is broadcast. Batch axes are matched with each other.
/// </summary>
internal static class Broadcasting
{
    /// <summary>Returns the common shape; null if two sizes differ and neither is 1.</summary>
    public static Shape? Join(Shape a, Shape b)
    {
        var (left, right) = (Sample(a), Sample(b));
        var extents = new Extent[Math.Max(left.Count, right.Count)];
        for (var back = 1; back <= extents.Length; back++)
        {
            var (m, n) = (At(left, back), At(right, back));
            if (m != n && m != 1 && n != 1) return null;
            extents[extents.Length - back] = Math.Max(m, n);
        }

        return a.HasBatch || b.HasBatch ? Shape.Of([Extent.Batch, .. extents]) : Shape.Of(extents);
    }

    public static Node Map(string name, Shape shape, Expr body, Node a, Node b) =>
        a.Shape == shape && b.Shape == shape
            ? GraphBuilder.Pointwise(name, body, a, b)
            : GraphBuilder.Map(name, shape, body, Read(name, a, shape), Read(name, b, shape));

    /// <summary>Returns the node as an operand of the given shape. Axes of one element that are broadcast are removed without a copy.</summary>
    public static Operand Read(string name, Node node, Shape shape)
    {
        var sample = Sample(node.Shape);
        var first = shape.Rank - sample.Count;
        var kept = Enumerable.Range(0, sample.Count).Where(axis => sample[axis] == shape[first + axis].Value).ToArray();
        Extent[] batch = node.Shape.HasBatch ? [Extent.Batch] : [];
        var squeezed = GraphBuilder.Reshape(name, Shape.Of([.. batch, .. kept.Select(axis => (Extent)sample[axis])]), node);
        int[] axes = [.. batch.Select(_ => 0), .. kept.Select(axis => first + axis)];
        return new Operand(squeezed, IndexMap.Project(axes));
    }

    private static List<int> Sample(Shape shape) => [.. shape.Extents.Where(extent => !extent.IsBatch).Select(extent => extent.Value)];

    private static int At(List<int> sizes, int back) => back <= sizes.Count ? sizes[sizes.Count - back] : 1;
}

using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Graph;

/// <summary>The amount of arithmetic in nodes and expressions.</summary>
internal static class Work
{
    /// <summary>Returns the number of distinct operations of an expression.</summary>
    public static int Operations(Expr body) => ExprWalk.All(body).Count(part => part is Apply);

    /// <summary>Returns the number of elements per sample; a domain may have more than fit into an int.</summary>
    public static long Elements(Shape shape) =>
        shape.Extents.Where(extent => !extent.IsBatch).Aggregate(1L, (product, extent) => product * extent.Value);

    /// <summary>Returns an estimate of the register operations for sixteen lanes, which decides whether a loop body is unrolled.</summary>
    public static int Cost(Expr expr) => ExprWalk.All(expr).OfType<Apply>().Sum(apply => Cost(apply.Op));

    /// <summary>Whether an operation is a polynomial or more, and not a few instructions.</summary>
    public static bool IsFunction(ScalarOp op) => Cost(op) > Cost(ScalarOp.Divide);

    private static int Cost(ScalarOp op) => op switch
    {
        ScalarOp.Exp or ScalarOp.Log or ScalarOp.Sigmoid => 14,
        ScalarOp.Tanh or ScalarOp.Softplus or ScalarOp.Erf or ScalarOp.Sin or ScalarOp.Cos or ScalarOp.Power => 30,
        ScalarOp.Divide or ScalarOp.Sqrt => 3,
        _ => 1,
    };

    /// <summary>
    /// Returns the number of terms of a sum per sample: the elements of its domain whose coordinates are inside the operands and the result. The terms beyond an edge, which
    /// are skipped, are a third of all terms for a 3 × 3 window on a map of 4 × 4 with padding.
    /// </summary>
    public static long Terms(Node node, IndexMap output)
    {
        var domain = node.Domain;
        var free = new HashSet<int>(Enumerable.Range(0, domain.Rank).Where(axis => !domain[axis].IsBatch));
        var windows = new List<(HashSet<int> Axes, List<(Coordinate At, int Size)> Bounds)>();
        foreach (var (at, size) in Bounded(output, node.Shape, domain).Concat(node.Operands.SelectMany(operand => Bounded(operand.Map, operand.Node.Shape, domain))))
        {
            // Windows that share an axis are counted together.
            var axes = new HashSet<int>(at.Terms.Select(term => term.Axis));
            var joined = windows.Where(window => window.Axes.Overlaps(axes)).ToArray();
            windows.RemoveAll(joined.Contains);
            windows.Add(([.. axes, .. joined.SelectMany(window => window.Axes)], [(at, size), .. joined.SelectMany(window => window.Bounds)]));
            free.ExceptWith(axes);
        }

        var terms = free.Aggregate(1L, (product, axis) => product * domain[axis].Value);
        return windows.Aggregate(terms, (product, window) => product * Inside(domain, [.. window.Axes.OrderBy(axis => domain[axis].Value)], window.Bounds, 0, new int[domain.Rank]));
    }

    /// <summary>Returns the coordinates of a map that are outside the shape for some index of the domain.</summary>
    private static IEnumerable<(Coordinate At, int Size)> Bounded(IndexMap map, Shape shape, Shape domain) => Enumerable.Range(0, map.Rank)
        .Where(axis => !shape[axis].IsBatch && Maps.Range(map[axis], domain) is var (low, high) && (low < 0 || high >= shape[axis].Value))
        .Select(axis => (map[axis], shape[axis].Value));

    /// <summary>Returns the number of indices of some axes that are inside all bounds, for given indices along the axes before <paramref name="depth"/>.</summary>
    private static long Inside(Shape domain, int[] axes, List<(Coordinate At, int Size)> bounds, int depth, int[] index)
    {
        var axis = axes[depth];
        if (depth == axes.Length - 1) return InsideAlong(domain, axis, bounds, index);
        var count = 0L;
        for (index[axis] = 0; index[axis] < domain[axis].Value; index[axis]++) count += Inside(domain, axes, bounds, depth + 1, index);
        return count;
    }

    /// <summary>Returns that number along one axis: the number of indices v with <c>0 ≤ rest + scale·v &lt; size</c>.</summary>
    private static long InsideAlong(Shape domain, int axis, List<(Coordinate At, int Size)> bounds, int[] index)
    {
        var (first, last) = (0, domain[axis].Value - 1);
        foreach (var (at, size) in bounds)
        {
            var rest = at.Offset + at.Terms.Where(term => term.Axis != axis).Sum(term => term.Scale * index[term.Axis]);
            var scale = at.Terms.FirstOrDefault(term => term.Axis == axis).Scale;
            if (scale == 0)
            {
                if (rest < 0 || rest >= size) return 0;
                continue;
            }

            // A window with a negative scale is equivalent to one with a positive scale from the other edge.
            if (scale < 0) (rest, scale) = (size - 1 - rest, -scale);
            first = Math.Max(first, (int)Math.Ceiling(-rest / (double)scale));
            last = Math.Min(last, (int)Math.Floor((size - 1 - rest) / (double)scale));
        }

        return Math.Max(0, last - first + 1);
    }
}

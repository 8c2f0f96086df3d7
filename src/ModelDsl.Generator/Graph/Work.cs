using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Graph;

/// <summary>How much arithmetic nodes and expressions ask for.</summary>
internal static class Work
{
    /// <summary>The number of distinct operations of an expression.</summary>
    public static int Operations(Expr body) => ExprWalk.All(body).Count(part => part is Apply);

    /// <summary>Elements per sample; a domain may have more than fit into an int.</summary>
    public static long Elements(Shape shape) =>
        shape.Extents.Where(extent => !extent.IsBatch).Aggregate(1L, (product, extent) => product * extent.Value);

    /// <summary>A rough count of register operations for sixteen lanes: what decides whether a loop body is worth unrolling.</summary>
    public static int Cost(Expr expr) => ExprWalk.All(expr).OfType<Apply>().Sum(apply => apply.Op switch
    {
        ScalarOp.Exp or ScalarOp.Log or ScalarOp.Sigmoid => 14,
        ScalarOp.Tanh or ScalarOp.Softplus or ScalarOp.Erf or ScalarOp.Sin or ScalarOp.Cos or ScalarOp.Power => 30,
        ScalarOp.Divide or ScalarOp.Sqrt => 3,
        _ => 1,
    });

    /// <summary>
    /// Terms of a sum per sample: the elements of its domain for which every coordinate lies inside what is read or written. Those beyond an edge, which
    /// nobody computes, are a third of a 3 × 3 window's over a map of 4 × 4 with padding.
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

    /// <summary>The coordinates of a map that leave the shape somewhere in the domain.</summary>
    private static IEnumerable<(Coordinate At, int Size)> Bounded(IndexMap map, Shape shape, Shape domain) => Enumerable.Range(0, map.Rank)
        .Where(axis => !shape[axis].IsBatch && Maps.Range(map[axis], domain) is var (low, high) && (low < 0 || high >= shape[axis].Value))
        .Select(axis => (map[axis], shape[axis].Value));

    /// <summary>How many places of some axes lie inside all bounds, the indices along those before <paramref name="depth"/> being given.</summary>
    private static long Inside(Shape domain, int[] axes, List<(Coordinate At, int Size)> bounds, int depth, int[] place)
    {
        var axis = axes[depth];
        if (depth == axes.Length - 1) return InsideAlong(domain, axis, bounds, place);
        var count = 0L;
        for (place[axis] = 0; place[axis] < domain[axis].Value; place[axis]++) count += Inside(domain, axes, bounds, depth + 1, place);
        return count;
    }

    /// <summary>The same along one axis: what <c>0 ≤ rest + scale·v &lt; size</c> leaves of its indices v.</summary>
    private static long InsideAlong(Shape domain, int axis, List<(Coordinate At, int Size)> bounds, int[] place)
    {
        var (first, last) = (0, domain[axis].Value - 1);
        foreach (var (at, size) in bounds)
        {
            var rest = at.Offset + at.Terms.Where(term => term.Axis != axis).Sum(term => term.Scale * place[term.Axis]);
            var scale = at.Terms.FirstOrDefault(term => term.Axis == axis).Scale;
            if (scale == 0)
            {
                if (rest < 0 || rest >= size) return 0;
                continue;
            }

            // A window that runs backwards is one that runs forwards from the other edge.
            if (scale < 0) (rest, scale) = (size - 1 - rest, -scale);
            first = Math.Max(first, (int)Math.Ceiling(-rest / (double)scale));
            last = Math.Min(last, (int)Math.Floor((size - 1 - rest) / (double)scale));
        }

        return Math.Max(0, last - first + 1);
    }
}

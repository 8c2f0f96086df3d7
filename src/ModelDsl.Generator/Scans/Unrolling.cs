using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Simplify;

namespace ModelDsl.Generator.Scans;

/// <summary>Unrolls loops over time, with a copy of the body for each step, for targets without such loops, and for bodies whose steps cannot be computed sample by sample.</summary>
internal static class Unrolling
{
    /// <summary>Returns a graph in which the loops are unrolled.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="isUnrolled">Whether a loop is unrolled; null to unroll all. It is also called for loops in the bodies of loops that are kept.</param>
    public static ModelGraph Run(ModelGraph graph, Func<ScanNode, bool>? isUnrolled = null)
    {
        if (!graph.Nodes.Any(node => node is ScanNode scan && (isUnrolled is null || IsAnyUnrolled(scan, isUnrolled)))) return graph;
        var map = new Dictionary<Node, Node>();
        var results = new Dictionary<Node, IReadOnlyList<Node>>();
        foreach (var node in graph.Nodes)
        {
            switch (node)
            {
                case ScanNode scan when isUnrolled?.Invoke(scan) != false:
                    results[node] = Unroll(scan, [.. scan.Operands.Select(operand => map[operand.Node])], isUnrolled);
                    map[node] = node;
                    break;
                case ScanNode scan:
                    map[node] = ((ScanNode)GraphRewriter.Rebuilt(scan, map)).With(scan.Body.With(Run(scan.Body.Graph, isUnrolled)));
                    break;
                case ScanResultNode result when results.TryGetValue(result.Scan, out var known):
                    map[node] = known[RootOf(result)];
                    break;
                default:
                    map[node] = GraphRewriter.Rebuilt(node, map);
                    break;
            }
        }

        var plain = new ModelGraph([.. graph.Roots.Select(root => root with { Value = map[root.Value] })]);
        return GraphRewriter.Rewrite(plain, Rules.FoldView, Rules.DropIdentity, Rules.MergeReshapes);
    }

    private static bool IsAnyUnrolled(ScanNode scan, Func<ScanNode, bool> isUnrolled) =>
        isUnrolled(scan) || scan.Body.Graph.Nodes.OfType<ScanNode>().Any(inner => IsAnyUnrolled(inner, isUnrolled));

    private static int RootOf(ScanResultNode result) => result.Result.Number + result.Result.Kind switch
    {
        ScanResultKind.History => 0,
        ScanResultKind.Output => result.Scan.Body.Next.Count,
        _ => result.Scan.Body.Next.Count + result.Scan.Body.Outputs.Count,
    };

    /// <summary>The results of an unrolled loop, in the order of the roots of its body.</summary>
    private static IReadOnlyList<Node> Unroll(ScanNode scan, Node[] operands, Func<ScanNode, bool>? isUnrolled)
    {
        var body = scan.Body.With(Run(scan.Body.Graph, isUnrolled));
        var (roots, carried) = (body.Graph.Roots, operands.Take(body.Carried.Count).ToArray());
        var steps = new List<Node[]>();
        for (var step = 0; step < scan.Steps; step++)
        {
            var at = scan.IsReversed ? scan.Steps - 1 - step : step;
            var map = new Dictionary<Node, Node>();
            for (var i = 0; i < body.Values.Count; i++)
            {
                map[body.Values[i]] = i < carried.Length ? carried[i]
                    : i < carried.Length + body.Sequences.Count ? TimeAxis.At(body.Values[i].Name, operands[i], at)
                    : operands[i];
            }

            foreach (var node in body.Graph.Nodes)
            {
                if (!map.ContainsKey(node)) map[node] = GraphRewriter.Rebuilt(node, map);
            }

            Node[] values = [.. roots.Select(root => map[root.Value])];
            carried = [.. values.Take(carried.Length)];
            steps.Add(values);
        }

        if (scan.IsReversed) steps.Reverse();
        return [.. roots.Select((root, i) => Whole(root.Value.Name, i))];

        Node Whole(string name, int root)
        {
            Node[] values = [.. steps.Select(step => step[root])];
            if (root >= body.Next.Count + body.Outputs.Count) return GraphBuilder.Add(name, values);
            if (root >= body.Next.Count) return TimeAxis.Join(name, values);
            return TimeAxis.Join(name, scan.IsReversed ? [.. values, operands[root]] : [operands[root], .. values]);
        }
    }
}

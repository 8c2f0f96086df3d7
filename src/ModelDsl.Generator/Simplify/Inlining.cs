using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Simplify;

/// <summary>
/// Inlines a map into its reader if nothing is computed twice: it has one reader, which reads each element once, or it consists of
/// a few scalars or indices. Fusion decides about other recomputations. Runs after differentiation: before it, gradients would repeat the parts that
/// the merged expressions share.
/// </summary>
internal static class Inlining
{
    private const int CheapOperations = 4;
    private const int LongestBody = 64;

    public static ModelGraph Run(ModelGraph graph)
    {
        var readers = CountReaders(graph);
        var map = new Dictionary<Node, Node>();
        foreach (var node in graph.Nodes) map[node] = Rewrite(node, map, readers);
        return new ModelGraph([.. graph.Roots.Select(root => root with { Value = map[root.Value] })]);
    }

    /// <summary>Returns the number of reads of each value, including by roots. Marks, and nodes that only marks need, read nothing.</summary>
    public static Dictionary<Node, int> CountReaders(ModelGraph graph)
    {
        var readers = graph.Nodes.ToDictionary(node => node, _ => 0);
        var roots = graph.Roots.Where(root => !root.IsMark).Select(root => root.Value).ToArray();
        foreach (var operand in (roots.Length == graph.Roots.Count ? graph.Nodes : ModelGraph.Sort(roots)).SelectMany(node => node.Operands)) readers[operand.Node]++;
        foreach (var root in roots) readers[root]++;
        return readers;
    }

    private static Node Rewrite(Node node, Dictionary<Node, Node> map, Dictionary<Node, int> readers)
    {
        var rebuilt = GraphRewriter.Rebuilt(node, map);
        if (Bodies.Of(rebuilt) is not { } body) return rebuilt;
        var leaves = new List<Expr>();
        var operands = new List<Operand>();
        for (var i = 0; i < body.Operands.Count; i++)
        {
            var operand = body.Operands[i];
            if (operand.Node is MapNode inner && Pays(inner, operand.Map, node, readers[node.Operands[i].Node]) && Inline(inner, operand.Map, node.Domain, operands) is { } written)
            {
                leaves.Add(written);
                continue;
            }

            leaves.Add(Input(operands.Count));
            operands.Add(operand);
        }

        if (operands.SequenceEqual(body.Operands)) return rebuilt;
        var merged = ExprWalk.Substitute(body.Expr, leaves);
        return Work.Operations(merged) > LongestBody ? rebuilt : body.With(merged, operands);
    }

    private static bool Pays(MapNode inner, IndexMap read, Node reader, int readers)
    {
        if (!Maps.InBounds(read, reader.Domain, inner.Shape)) return false;

        // Random numbers are generated in the order of a tensor's elements, which differs from that of a sum over samples.
        if (reader is ReduceNode && inner.Operands.Any(operand => operand.Node is RandomNode)) return false;

        // A few scalars, or only indices, such as a mask.
        var isScalar = inner.Operands.All(operand => operand.Map.Rank == 0);
        if (isScalar && Work.Operations(inner.Body) <= CheapOperations) return true;
        return !(isScalar && !ExprWalk.All(inner.Body).Any(part => part is AxisIndex)) && readers == 1 && Maps.IsInjection(read, reader.Domain);
    }

    /// <summary>Returns the inner expression over the reader's indices, and appends its operands. Null if a map would not be in normal form.</summary>
    public static Expr? Inline(MapNode inner, IndexMap read, Shape domain, List<Operand> operands)
    {
        var composed = inner.Operands.Select(operand => operand with { Map = operand.Map.After(read) }).ToList();
        if (composed.Any(operand => !Maps.IsNormal(operand.Map, domain, operand.Node.Shape))) return null;
        var first = operands.Count;
        operands.AddRange(composed);
        return ExprWalk.Substitute(
            inner.Body,
            [.. Enumerable.Range(first, composed.Count).Select(Input)],
            axis => At(read[axis]));
    }

    /// <summary>Returns a coordinate as a number.</summary>
    public static Expr At(Coordinate coordinate) => coordinate.Terms.Aggregate(
        Const(coordinate.Offset), (sum, term) => Add(sum, Multiply(Const(term.Scale), Index(term.Axis))));
}

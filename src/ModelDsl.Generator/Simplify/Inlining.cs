using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Simplify;

/// <summary>
/// Writes a map's expression into its reader, where that computes nothing twice: it has one reader, which reads each element once; or it is a
/// matter of a few scalars or indices. What else is worth recomputing is for fusion to decide. Runs after differentiation: before it, gradients would repeat what
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

    /// <summary>How often each value is read, roots included.</summary>
    public static Dictionary<Node, int> CountReaders(ModelGraph graph)
    {
        var readers = graph.Nodes.ToDictionary(node => node, _ => 0);
        foreach (var operand in graph.Nodes.SelectMany(node => node.Operands)) readers[operand.Node]++;
        foreach (var root in graph.Roots) readers[root.Value]++;
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

        // Random numbers come in the order of a tensor's elements, which a sum over samples does not follow.
        if (reader is ReduceNode && inner.Operands.Any(operand => operand.Node is RandomNode)) return false;

        // A few scalars, or nothing but indices, such as a mask.
        var isScalar = inner.Operands.All(operand => operand.Map.Rank == 0);
        if (isScalar && Work.Operations(inner.Body) <= CheapOperations) return true;
        return !(isScalar && !ExprWalk.All(inner.Body).Any(part => part is AxisIndex)) && readers == 1 && Maps.IsInjection(read, reader.Domain);
    }

    /// <summary>The inner expression over the reader's indices; its operands are appended. Null where a map would leave the normal form.</summary>
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

    /// <summary>A coordinate as a number.</summary>
    public static Expr At(Coordinate coordinate) => coordinate.Terms.Aggregate(
        Const(coordinate.Offset), (sum, term) => Add(sum, Multiply(Const(term.Scale), Index(term.Axis))));
}

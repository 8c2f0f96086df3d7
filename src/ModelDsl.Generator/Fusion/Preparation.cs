using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// Brings a graph into the form fusion counts on: every root has a value of its own that a kernel computes, a reshape reads elements that lie
/// in order, random numbers are drawn where rows are at hand, and a pointwise value that only one sum reads is computed inside that sum.
/// </summary>
internal static class Preparation
{
    public static ModelGraph Prepare(ModelGraph graph)
    {
        graph = Rewriter.Rewrite(Rewriter.Rewrite(GiveRootsValues(graph), MaterializeUnderReshape), MaterializeDraws);
        var readers = CountReaders(graph);
        return Rewriter.Rewrite(graph, node => node is ReduceNode reduce && !RowSpace.IsRowReduction(reduce) ? Inline(reduce, readers) : node);
    }

    private static ModelGraph GiveRootsValues(ModelGraph graph)
    {
        var taken = new HashSet<Node>();
        var readers = CountReaders(graph);
        return new ModelGraph([.. graph.Roots.Select(root =>
        {
            var source = Aliases.Source(root.Value);
            var isOwn = Aliases.IsComputed(source) && root.Value is not (ViewNode or StopGradientNode);
            if (root.Kind == RootKind.State) return root.Value is MapNode && readers[root.Value] == 1 ? root : root with { Value = Copy(root.Value) };
            if (root.Kind != RootKind.Gradient) return isOwn ? root : root with { Value = Copy(root.Value) };
            if (isOwn && ReferenceEquals(source, root.Value) && taken.Add(source)) return root;

            // Gradients that are equal lie in buffers of their own. Those of weights may lie in panels, which nothing but contractions writes.
            return root with { Value = root.Value is ContractNode ? root.Value.With(root.Value.Operands) : Copy(root.Value) };
        })]);
    }

    private static Node MaterializeUnderReshape(Node node) =>
        node is ReshapeNode && node.Operands[0].Node is ViewNode view ? node.With([Operand.Whole(Copy(view))]) : node;

    /// <summary>Random numbers are drawn row by row, sixteen at a time; a sum that goes another way reads them from memory.</summary>
    private static Node MaterializeDraws(Node node) => node is ReduceNode reduce && !RowSpace.IsRowReduction(reduce)
        ? node.With([.. node.Operands.Select(operand => operand.Node is RandomNode ? operand with { Node = Copy(operand.Node) } : operand)])
        : node;

    private static MapNode Copy(Node node) => new(node.Name, node.Shape, Expressions.Input(0), Operand.Whole(node));

    private static Dictionary<Node, int> CountReaders(ModelGraph graph) =>
        graph.Nodes.SelectMany(node => node.Operands.Select(operand => operand.Node))
            .Concat(graph.Roots.Select(root => root.Value))
            .GroupBy(node => node).ToDictionary(group => group.Key, group => group.Count());

    /// <summary>Takes pointwise operands nobody else reads into the sum's own expression.</summary>
    private static ReduceNode Inline(ReduceNode reduce, Dictionary<Node, int> readers)
    {
        var operands = reduce.Operands.ToList();
        var leaves = Enumerable.Range(0, operands.Count).Select(Expressions.Input).ToList();
        var body = reduce.Body;
        for (var i = 0; i < operands.Count; i++)
        {
            if (operands[i].Node is not MapNode map || readers[map] > 1 || HoldsStatistics(map) || Draws(map) || UsesIndex(map.Body)) continue;
            var outer = operands[i].Map;
            var inner = map.Operands.Select(operand =>
            {
                operands.Add(new Operand(operand.Node, operand.Map.After(outer)));
                leaves.Add(Expressions.Input(operands.Count - 1));
                return leaves[leaves.Count - 1];
            }).ToArray();
            leaves[i] = ExprWalk.Substitute(map.Body, inner);
            body = ExprWalk.Substitute(body, leaves);
            leaves[i] = Expressions.Input(i);
        }

        return Compact(reduce, body, operands);
    }

    /// <summary>Drops operands the expression no longer reads.</summary>
    private static ReduceNode Compact(ReduceNode reduce, Expr body, List<Operand> operands)
    {
        var read = ExprWalk.Inputs(body).ToList();
        var leaves = Enumerable.Range(0, operands.Count).Select(leaf => Expressions.Input(Math.Max(0, read.IndexOf(leaf)))).ToArray();
        return new ReduceNode(
            reduce.Name, reduce.Shape, reduce.Op, reduce.Domain, reduce.Output, ExprWalk.Substitute(body, leaves), [.. read.Select(leaf => operands[leaf])]);
    }

    /// <summary>A value made of row statistics is at hand where these are computed; it stays there.</summary>
    private static bool HoldsStatistics(MapNode map) => map.Operands.Any(operand => operand.Node is ReduceNode);

    private static bool Draws(MapNode map) => map.Operands.Any(operand => operand.Node is RandomNode);

    private static bool UsesIndex(Expr body) => ExprWalk.All(body).Any(expr => expr is AxisIndex);
}

namespace ModelDsl.Generator.Graph;

/// <summary>Rebuilds a graph with some nodes replaced.</summary>
internal static class Rewriter
{
    /// <summary>
    /// Replaces every node by what <paramref name="replace"/> makes of it. The replacement is given in terms of the old graph; its operands are
    /// rewritten in turn.
    /// </summary>
    public static ModelGraph Rewrite(ModelGraph graph, Func<Node, Node> replace)
    {
        var done = new Dictionary<Node, Node>();
        return new ModelGraph([.. graph.Roots.Select(root => root with { Value = Visit(root.Value) })]);

        Node Visit(Node node)
        {
            if (done.TryGetValue(node, out var known)) return known;
            var replaced = replace(node);
            var operands = replaced.Operands.Select(operand => operand with { Node = Visit(operand.Node) }).ToArray();
            var same = operands.Zip(replaced.Operands, (a, b) => ReferenceEquals(a.Node, b.Node)).All(equal => equal);
            return done[node] = same ? replaced : replaced.With(operands);
        }
    }
}

namespace ModelDsl.Generator.Graph;

/// <summary>Rebuilds a graph with some nodes replaced.</summary>
internal static class Rewriter
{
    /// <summary>
    /// Replaces every node by the result of <paramref name="replace"/>. The replacement uses nodes of the old graph; its operands are
    /// rewritten too.
    /// </summary>
    public static ModelGraph Rewrite(ModelGraph graph, Func<Node, Node> replace)
    {
        var done = new Dictionary<Node, Node>();
        var begun = new Dictionary<Node, Node>();
        return new ModelGraph([.. graph.Roots.Select(root => root with { Value = Visit(root.Value) })]);

        // The traversal is not recursive, because a graph may be deeper than the stack.
        Node Visit(Node root)
        {
            var stack = new Stack<Node>([root]);
            while (stack.Count > 0)
            {
                var node = stack.Peek();
                if (!done.ContainsKey(node) && !begun.ContainsKey(node))
                {
                    var replaced = begun[node] = replace(node);
                    for (var i = replaced.Operands.Count - 1; i >= 0; i--) stack.Push(replaced.Operands[i].Node);
                    continue;
                }

                stack.Pop();
                if (!done.ContainsKey(node)) done[node] = Rebuilt(begun[node]);
            }

            return done[root];
        }

        Node Rebuilt(Node node)
        {
            var operands = node.Operands;
            for (var i = 0; i < operands.Count; i++)
            {
                if (!ReferenceEquals(done[operands[i].Node], operands[i].Node)) return node.With([.. operands.Select(operand => operand with { Node = done[operand.Node] })]);
            }

            return node;
        }
    }
}

using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Simplify;

/// <summary>
/// Rebuilds a graph from the leaves to the roots. Rules are applied to each node, with its rebuilt operands, until none applies; equal nodes
/// are merged. Nodes that no root reads any more are removed.
/// </summary>
internal sealed class GraphRewriter(Func<Node, Node?>[] rules)
{
    // Limits the number of steps, because two rules may undo each other.
    private const int MostSteps = 1000;

    private readonly Dictionary<Key, Node> unique = [];
    private readonly Dictionary<Node, Node> done = [];

    /// <summary>Returns the graph after applying the rules.</summary>
    public static ModelGraph Rewrite(ModelGraph graph, params Func<Node, Node?>[] rules) => Rewrite(graph, rules, CancellationToken.None);

    /// <summary>Returns the graph after applying the rules.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="rules">Each rule returns another node for the same value, or null if it does not apply.</param>
    /// <param name="cancellation">Checked after each node.</param>
    public static ModelGraph Rewrite(ModelGraph graph, Func<Node, Node?>[] rules, CancellationToken cancellation)
    {
        var rewriter = new GraphRewriter(rules);
        var map = new Dictionary<Node, Node>();
        foreach (var node in graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            map[node] = rewriter.Rewrite(Rebuilt(node, map));
        }

        return new ModelGraph([.. graph.Roots.Select(root => root with { Value = map[root.Value] })]);
    }

    /// <summary>Returns the node with the operands that have replaced its own.</summary>
    public static Node Rebuilt(Node node, Dictionary<Node, Node> map) => node.Operands.All(operand => ReferenceEquals(map[operand.Node], operand.Node))
        ? node
        : node.With([.. node.Operands.Select(operand => operand with { Node = map[operand.Node] })]);

    private Node Rewrite(Node node)
    {
        var start = Unique(node);
        if (done.TryGetValue(start, out var final)) return final;
        final = start;
        for (var step = 0; rules.Select(rule => rule(final)).FirstOrDefault(next => next is not null) is { } changed; step++)
        {
            if (step == MostSteps) throw new InvalidGraphException($"the rules for '{node.Name}' do not come to an end");

            // A rule may build several nodes; the rules are applied to the inner ones too.
            final = Unique(Rebuilt(changed, OperandsOf(changed)));
            if (done.TryGetValue(final, out var known)) final = known;
        }

        return done[start] = done[final] = final;
    }

    private Node Finished(Node node) => done.TryGetValue(node, out var final) ? final : Rewrite(Rebuilt(node, OperandsOf(node)));

    private Dictionary<Node, Node> OperandsOf(Node node) =>
        node.Operands.Select(operand => operand.Node).Distinct().ToDictionary(operand => operand, Finished);

    private Node Unique(Node node)
    {
        var key = KeyOf(node);
        if (unique.TryGetValue(key, out var same)) return same;
        unique.Add(key, node);
        return node;
    }

    private static Key KeyOf(Node node) => new(node.GetType(), node.Shape, node.Attributes, node.Operands.ToEquatableArray());

    private readonly record struct Key(Type Kind, Shape Shape, object Attributes, EquatableArray<Operand> Operands);
}

using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Simplify;

/// <summary>
/// Rebuilds a graph from its leaves up. Each node, its operands already rebuilt, goes through the rules until none applies; equal nodes
/// become one on the way. What no root reads any more is gone afterwards.
/// </summary>
internal sealed class GraphRewriter(Func<Node, Node?>[] rules)
{
    // A rule that undoes another would go on for ever.
    private const int MostSteps = 1000;

    private readonly Dictionary<Key, Node> unique = [];
    private readonly Dictionary<Node, Node> done = [];

    /// <summary>The graph that the rules make of another.</summary>
    public static ModelGraph Rewrite(ModelGraph graph, params Func<Node, Node?>[] rules) => Rewrite(graph, rules, CancellationToken.None);

    /// <summary>The graph that the rules make of another.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="rules">Each gives another node for the same value, or null where it does not apply.</param>
    /// <param name="cancellation">Checked node by node.</param>
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

    /// <summary>The node on the operands that have replaced its own.</summary>
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

            // A rule may build several nodes: those in between are taken through the rules as well.
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

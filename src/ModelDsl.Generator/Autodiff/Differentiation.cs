using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Recompute;
using ModelDsl.Generator.Simplify;

namespace ModelDsl.Generator.Autodiff;

/// <summary>
/// Reverse-mode differentiation: one traversal from the loss to the trainable parameters. Only values on a path between them have a gradient, so nothing is built for inputs or
/// frozen weights. The result consists of ordinary nodes and can be differentiated again.
/// </summary>
internal static class Differentiation
{
    /// <summary>Returns the graph with a gradient root for each trainable parameter that the loss depends on, in the order of <paramref name="parameters"/>.</summary>
    public static ModelGraph Differentiate(ModelGraph graph, IReadOnlyList<ParameterNode> parameters)
    {
        var loss = graph.Roots.Single(root => root.Kind == RootKind.Loss).Value;
        var trainable = parameters.Where(parameter => !parameter.Frozen).ToList();
        var (gradients, extended, total) = Gradients([(loss, SeedOf(loss))], trainable);
        return Verifier.Checked(Extended(
            new ModelGraph(
            [
                .. graph.Roots.Where(root => !root.IsMark),
                .. trainable.Select((parameter, index) => new Root(RootKind.Gradient, parameter.Name, gradients[index], parameter)),
                .. graph.Roots.Where(root => root.IsMark),
                .. RecomputedBlock.GradientMarks(graph, total),
            ]),
            extended));
    }

    /// <summary>
    /// Returns a graph in which loops over time also output the values that their gradients need. Equal nodes are merged, because the forward pass and the gradients read equal loops.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="extended">The replacement of each loop that has one.</param>
    public static ModelGraph Extended(ModelGraph graph, IReadOnlyDictionary<Node, ScanNode> extended) =>
        extended.Count == 0 ? graph : GraphRewriter.Rewrite(Rewriter.Rewrite(graph, node => extended.TryGetValue(node, out var longer) ? longer : node));

    /// <summary>The gradients of a scalar, or of the sum of all elements, with respect to each of the given nodes; zeros for a node that it does not depend on.</summary>
    public static IReadOnlyList<Node> Gradients(Node of, IReadOnlyList<Node> by) => Gradients([(of, SeedOf(of))], by).Gradients;

    /// <summary>The gradients of several values with respect to each of the given nodes.</summary>
    /// <param name="seeds">The values, each with the gradient of the differentiated scalar with respect to it.</param>
    /// <param name="by">The nodes.</param>
    /// <returns>
    /// The gradients, the replacement of each loop over time, which also returns what the gradient needs, and the gradients of all nodes on the path.
    /// </returns>
    public static (IReadOnlyList<Node> Gradients, IReadOnlyDictionary<Node, ScanNode> Extended, IReadOnlyDictionary<Node, Node> OfNodes) Gradients(IReadOnlyList<(Node Of, Node Seed)> seeds, IReadOnlyList<Node> by)
    {
        var nodes = ModelGraph.Sort([.. seeds.Select(seed => seed.Of), .. by]);
        var needed = NeedGradient(nodes, by);
        var contributions = new Dictionary<Node, List<Node>>();
        var total = new Dictionary<Node, Node>();
        var results = new Dictionary<Node, Dictionary<ScanResult, Node>>();
        var extended = new Dictionary<Node, ScanNode>();
        foreach (var (of, seed) in seeds) Contribute(of, seed);
        foreach (var node in nodes.Reverse())
        {
            if (node is ScanNode scan && results.TryGetValue(scan, out var ofResults))
            {
                var (ofOperands, longer) = ScanGradient.Of(scan, ofResults, needed.Contains);
                extended[scan] = longer;
                for (var i = 0; i < ofOperands.Count; i++)
                {
                    if (ofOperands[i] is { } ofOperand && needed.Contains(scan.Operands[i].Node)) Contribute(scan.Operands[i].Node, ofOperand);
                }

                continue;
            }

            if (!needed.Contains(node) || !contributions.TryGetValue(node, out var terms)) continue;
            var gradient = total[node] = GraphBuilder.Add(NameOf(node), terms);
            if (node is ScanResultNode result)
            {
                if (!results.TryGetValue(result.Scan, out var known)) results.Add(result.Scan, known = []);
                known[result.Result] = known.TryGetValue(result.Result, out var before) ? GraphBuilder.Add(NameOf(node), [before, gradient]) : gradient;
                continue;
            }

            for (var i = 0; i < node.Operands.Count; i++)
            {
                var operand = node.Operands[i].Node;
                if (!needed.Contains(operand)) continue;
                if (GradientRules.Apply(node, i, gradient, NameOf(operand)) is { } term) Contribute(operand, term);
            }
        }

        return ([.. by.Select(node => total.TryGetValue(node, out var gradient) ? gradient : Zeros(node))], extended, total);

        void Contribute(Node node, Node term)
        {
            if (!contributions.TryGetValue(node, out var known)) contributions.Add(node, known = []);
            known.Add(term);
        }
    }

    private static Node SeedOf(Node of) => of.Shape.Rank == 0 ? GraphBuilder.Constant(1) : GraphBuilder.Map("one", of.Shape, Scalars.Expressions.One);

    /// <summary>The nodes that depend on any of the given nodes.</summary>
    /// <param name="nodes">The candidates, operands before their readers.</param>
    /// <param name="by">The given nodes.</param>
    public static HashSet<Node> NeedGradient(IEnumerable<Node> nodes, IEnumerable<Node> by)
    {
        var needed = new HashSet<Node>(by);
        foreach (var node in nodes)
        {
            if (node is not StopGradientNode && node.Operands.Any(operand => needed.Contains(operand.Node))) needed.Add(node);
        }

        return needed;
    }

    private static string NameOf(Node node) => LayerNames.Join(node.Name) + "Gradient";

    private static Node Zeros(Node like) => GraphBuilder.Map(NameOf(like), like.Shape, Scalars.Expressions.Zero);
}

using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Autodiff;

/// <summary>
/// Reverse-mode differentiation: one traversal from the loss to the trainable parameters. Only values on a path between them get a gradient,
/// so nothing is built for inputs or frozen weights. The result consists of ordinary nodes and can be differentiated again.
/// </summary>
internal static class Differentiation
{
    /// <summary>Returns the graph with a gradient root for each trainable parameter that the loss depends on, in the order of <paramref name="parameters"/>.</summary>
    public static ModelGraph Differentiate(ModelGraph graph, IReadOnlyList<ParameterNode> parameters)
    {
        var loss = graph.Roots.Single(root => root.Kind == RootKind.Loss).Value;
        var trainable = parameters.Where(parameter => !parameter.Frozen).ToList();
        var gradients = Gradients(loss, trainable);
        return Verifier.Checked(new ModelGraph([
            .. graph.Roots,
            .. trainable.Select((parameter, index) => new Root(RootKind.Gradient, parameter.Name, gradients[index], parameter))]));
    }

    /// <summary>Returns the gradients of a scalar, or of the sum of all elements, with respect to each of the given nodes; zeros for a node that it does not depend on.</summary>
    public static IReadOnlyList<Node> Gradients(Node of, IReadOnlyList<Node> by)
    {
        var nodes = ModelGraph.Sort([of]);
        var needed = NeedGradient(nodes, by);
        var contributions = new Dictionary<Node, List<Node>> { [of] = [of.Shape.Rank == 0 ? GraphBuilder.Constant(1) : GraphBuilder.Map("one", of.Shape, Scalars.Expressions.One)] };
        var total = new Dictionary<Node, Node>();
        foreach (var node in nodes.Reverse())
        {
            if (!needed.Contains(node) || !contributions.TryGetValue(node, out var terms)) continue;
            var gradient = total[node] = GraphBuilder.Add(NameOf(node), terms);
            for (var i = 0; i < node.Operands.Count; i++)
            {
                var operand = node.Operands[i].Node;
                if (!needed.Contains(operand)) continue;
                if (GradientRules.Apply(node, i, gradient, NameOf(operand)) is not { } term) continue;
                if (!contributions.TryGetValue(operand, out var known)) contributions.Add(operand, known = []);
                known.Add(term);
            }
        }

        return [.. by.Select(node => total.TryGetValue(node, out var gradient) ? gradient : Zeros(node))];
    }

    private static HashSet<Node> NeedGradient(IReadOnlyList<Node> nodes, IReadOnlyList<Node> by)
    {
        var needed = new HashSet<Node>(by);
        foreach (var node in nodes)
        {
            if (node is not StopGradientNode && node.Operands.Any(operand => needed.Contains(operand.Node))) needed.Add(node);
        }

        return needed;
    }

    private static string NameOf(Node node) => Names.Join(node.Name) + "Gradient";

    private static Node Zeros(Node like) => GraphBuilder.Map(NameOf(like), like.Shape, Scalars.Expressions.Zero);
}

using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Recompute;

namespace ModelDsl.Generator.Fusion;

/// <summary>The control dependencies of a graph: nodes that run after values that they do not read.</summary>
internal static class ControlDependencies
{
    /// <summary>The computed values that a node runs after without reading them.</summary>
    public static IEnumerable<Node> Of(Node node)
    {
        foreach (var operand in node.Operands)
        {
            for (var value = operand.Node; Aliases.IsAlias(value); value = value.Operands[0].Node)
            {
                if (value is AfterNode after) yield return Aliases.Source(after.Other);
            }
        }
    }

    /// <summary>
    /// Returns the section of each node: its part, or a number of its own for the nodes that compute a recomputed block again. These are followed by the gradient of the block, like
    /// a forward part by a backward part: a matrix that only the gradient reads belongs to the gradient.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="parts">The part of the plan that computes each node.</param>
    public static Dictionary<Node, int> Sections(ModelGraph graph, Dictionary<Node, int> parts)
    {
        Node[] others = [.. graph.Nodes.OfType<AfterNode>().Select(after => after.Other).Distinct()];
        if (others.Length == 0) return parts;
        var numbers = others.Select((other, index) => (other, index)).ToDictionary(pair => pair.other, pair => pair.index);
        var (first, gradients) = (parts.Values.Max() + 1, NodeMarks.Dependencies(graph.Nodes, others, isControlIgnored: true));
        var sections = new Dictionary<Node, int>();
        foreach (var node in graph.Nodes)
        {
            sections[node] = node is AfterNode after
                ? first + numbers[after.Other]
                : node.Operands.Select(operand => sections[operand.Node]).Where(section => section >= first && !gradients.Has(node, section - first)).DefaultIfEmpty(parts[node]).Max();
        }

        var matrices = new HashSet<Node>(Chains.Of(graph, ChainForm.Short).SelectMany(chain => chain.Matrices));
        var readers = graph.Nodes.SelectMany(reader => reader.Operands.Select(operand => (operand.Node, reader))).ToLookup(pair => pair.Node, pair => pair.reader);
        foreach (var node in graph.Nodes.Reverse().Where(node => sections[node] >= first && matrices.Contains(node) && readers[node].All(reader => sections[reader] < first))) sections[node] = parts[node];
        return sections;
    }
}

using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// Computes the matrices of a chain again in a later part of the plan that reads them, from the same values, so that neither part stores them. The copies are made after equal
/// nodes have been merged, because merging would undo them.
/// </summary>
internal static class Recomputation
{
    /// <summary>Returns a graph in which no part reads the matrices of another.</summary>
    public static ModelGraph Separate(ModelGraph graph, Dictionary<Node, int> parts)
    {
        var matrices = new HashSet<Node>(Chains.Of(graph, ChainForm.Short).SelectMany(chain => chain.Matrices));
        if (matrices.Count == 0) return graph;
        var (done, copies) = (new Dictionary<Node, Node>(), new Dictionary<(Node, int), Node>());
        foreach (var node in graph.Nodes) done[node] = With(node, operand => parts[node] == parts[operand] || !matrices.Contains(operand) ? done[operand] : Copy(operand, parts[node]));
        return new ModelGraph([.. graph.Roots.Select(root => root with { Value = done[root.Value] })]);

        Node Copy(Node matrix, int part)
        {
            if (copies.TryGetValue((matrix, part), out var known)) return known;
            return copies[(matrix, part)] = matrix.With([.. matrix.Operands.Select(operand => operand with { Node = matrices.Contains(operand.Node) && parts[operand.Node] != part ? Copy(operand.Node, part) : done[operand.Node] })]);
        }
    }

    private static Node With(Node node, Func<Node, Node> operand)
    {
        var operands = node.Operands.Select(read => read with { Node = operand(read.Node) }).ToArray();
        return operands.Zip(node.Operands, (a, b) => ReferenceEquals(a.Node, b.Node)).All(same => same) ? node : node.With(operands);
    }
}

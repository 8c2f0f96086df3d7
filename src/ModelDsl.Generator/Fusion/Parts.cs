using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// Determines which part of a plan computes a node, from the roots that need it. A training plan has a forward and a backward part. An inference plan has a shared subgraph, and
/// the nodes that prediction and evaluation add to it.
/// </summary>
internal static class Parts
{
    public static Dictionary<Node, int> Assign(ModelGraph graph, Func<IReadOnlyCollection<RootKind>, int> partOf)
    {
        var needs = graph.Nodes.ToDictionary(node => node, _ => new HashSet<RootKind>());
        foreach (var kind in graph.Roots.Select(root => root.Kind).Distinct())
        {
            foreach (var node in ModelGraph.Sort(graph.Roots.Where(root => root.Kind == kind).Select(root => root.Value))) needs[node].Add(kind);
        }

        var parts = needs.ToDictionary(pair => pair.Key, pair => partOf(pair.Value));

        // The nodes that a named value needs are computed first, in one part for each named value, so that the rest can be skipped.
        var named = graph.Roots.Where(root => root.Kind == RootKind.Named).ToList();
        var seen = new HashSet<Node>();
        for (var i = 0; i < named.Count; i++)
        {
            foreach (var node in ModelGraph.Sort([named[i].Value], seen)) parts[node] = i - named.Count;
        }

        foreach (var derivative in Derivatives(graph, needs, parts)) parts[derivative] = parts[derivative.Operands[0].Node];
        return parts;
    }

    /// <summary>
    /// Returns the pointwise values that only gradients need, but that depend on values of an earlier part alone, one of which would be kept for nothing else. The earlier part computes
    /// these while it has their operands in registers, and they are kept instead.
    /// </summary>
    private static MapNode[] Derivatives(ModelGraph graph, Dictionary<Node, HashSet<RootKind>> needs, Dictionary<Node, int> parts)
    {
        var readers = graph.Nodes.SelectMany(reader => reader.Operands.Select(operand => (operand.Node, reader))).ToLookup(pair => pair.Node, pair => pair.reader);
        bool IsKeptFor(Node value, Node reader) => readers[value].All(other => other == reader || parts[other] == parts[value]);
        MapNode[] found = [.. graph.Nodes.OfType<MapNode>().Where(map => map.Shape.HasBatch && map.Operands.Count > 0 && needs[map].All(need => need == RootKind.Gradient)
            && map.Operands.All(operand => operand.Map.IsIdentity(map.Shape.Rank) && operand.Node.Shape == map.Shape && Aliases.IsComputed(operand.Node)
                && parts[operand.Node] < parts[map] && parts[operand.Node] == parts[map.Operands[0].Node])
            && map.Operands.Any(operand => IsKeptFor(operand.Node, map)))];
        if (found.Length == 0) return found;

        // Matrices of chains are never kept.
        var matrices = new HashSet<Node>(Chains.Of(graph, ChainForm.Short).Concat(Chains.Of(graph, ChainForm.Long)).SelectMany(chain => chain.Matrices));
        return [.. found.Where(map => !matrices.Contains(map))];
    }

    /// <summary>
    /// The same for a target with chains. A long chain contains the forward and the backward pass of its matrix. It runs in the first part that needs one of its values, and so does
    /// everything that it depends on.
    /// </summary>
    public static Dictionary<Node, int> AssignChained(ModelGraph graph, Func<IReadOnlyCollection<RootKind>, int> partOf)
    {
        var parts = Assign(graph, partOf);
        foreach (var chain in Chains.Of(graph, ChainForm.Long))
        {
            var first = chain.Members.Min(member => parts[member]);
            foreach (var node in ModelGraph.Sort(chain.Members)) parts[node] = Math.Min(parts[node], first);
        }

        return parts;
    }
}

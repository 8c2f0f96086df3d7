using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>Orders nodes so that the members of each chain are consecutive and come after all operands of any of them.</summary>
internal static class ChainOrder
{
    /// <summary>
    /// Returns the nodes in such an order. Without chains it is the given order. Nodes for which there is no such order are omitted: the members of a chain that reads values
    /// that depend on the chain, and all nodes that depend on them.
    /// </summary>
    /// <param name="nodes">The nodes, operands before their readers.</param>
    /// <param name="chainOf">The number of a node's chain; −1 if it is in none.</param>
    public static IReadOnlyList<Node> Sort(IReadOnlyList<Node> nodes, Func<Node, int> chainOf)
    {
        // A chain has the position of its last member; any other node has its own.
        var (positions, units, lastOf) = (new Dictionary<Node, int>(), new Dictionary<int, List<Node>>(), new Dictionary<int, int>());
        for (var i = 0; i < nodes.Count; i++)
        {
            if (chainOf(nodes[i]) is >= 0 and var chain) lastOf[chain] = i;
        }

        for (var i = 0; i < nodes.Count; i++)
        {
            var position = positions[nodes[i]] = chainOf(nodes[i]) is >= 0 and var chain ? lastOf[chain] : i;
            if (!units.TryGetValue(position, out var members)) units.Add(position, members = []);
            members.Add(nodes[i]);
        }

        var (readers, waiting) = (units.Keys.ToDictionary(position => position, _ => new List<int>()), units.Keys.ToDictionary(position => position, _ => 0));
        foreach (var node in nodes)
        {
            foreach (var operand in node.Operands.Where(operand => positions.TryGetValue(operand.Node, out var at) && at != positions[node]))
            {
                readers[positions[operand.Node]].Add(positions[node]);
                waiting[positions[node]]++;
            }
        }

        var ready = new SortedSet<int>(waiting.Where(pair => pair.Value == 0).Select(pair => pair.Key));
        var sorted = new List<Node>();
        while (ready.Count > 0)
        {
            var position = ready.Min;
            ready.Remove(position);
            sorted.AddRange(units[position]);
            foreach (var reader in readers[position])
            {
                if (--waiting[reader] == 0) ready.Add(reader);
            }
        }

        return sorted;
    }
}

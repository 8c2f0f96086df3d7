using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Recompute;

/// <summary>For each node of a graph: which of some given nodes it depends on, or which depend on it. Nodes with equal answers share one array.</summary>
internal sealed class NodeMarks
{
    private const int Bits = 64;

    private readonly Dictionary<Node, ulong[]> sets = [];
    private readonly ulong[] none;

    private NodeMarks(int count) => none = new ulong[(count + Bits - 1) / Bits];

    /// <summary>Returns the given nodes that each node depends on.</summary>
    /// <param name="nodes">The nodes, operands before their readers.</param>
    /// <param name="given">The given nodes; null for an index without a node.</param>
    /// <param name="isControlIgnored">Whether control dependencies do not count.</param>
    public static NodeMarks Dependencies(IReadOnlyList<Node> nodes, IReadOnlyList<Node?> given, bool isControlIgnored = false)
    {
        var (marks, indices) = (new NodeMarks(given.Count), IndicesOf(given));
        foreach (var node in nodes)
        {
            var set = marks.none;
            foreach (var operand in isControlIgnored && node is AfterNode ? node.Operands.Take(1) : node.Operands) set = marks.With(Union(set, marks.sets[operand.Node]), operand.Node, indices);
            marks.sets[node] = set;
        }

        return marks;
    }

    /// <summary>Returns the given nodes that depend on each node.</summary>
    /// <param name="nodes">The nodes, operands before their readers.</param>
    /// <param name="given">The given nodes; null for an index without a node.</param>
    public static NodeMarks Dependents(IReadOnlyList<Node> nodes, IReadOnlyList<Node?> given)
    {
        var (marks, indices) = (new NodeMarks(given.Count), IndicesOf(given));
        foreach (var node in nodes) marks.sets[node] = marks.none;
        foreach (var node in nodes.Reverse())
        {
            var set = marks.With(marks.sets[node], node, indices);
            foreach (var operand in node.Operands) marks.sets[operand.Node] = Union(marks.sets[operand.Node], set);
        }

        return marks;
    }

    /// <summary>Whether a node depends on the given node with an index, or that node on it.</summary>
    public bool Has(Node node, int index) => (sets[node][index / Bits] >> (index % Bits) & 1) != 0;

    private static ILookup<Node, int> IndicesOf(IReadOnlyList<Node?> given) =>
        Enumerable.Range(0, given.Count).Where(index => given[index] is not null).ToLookup(index => given[index]!);

    private static ulong[] Union(ulong[] a, ulong[] b)
    {
        if (ReferenceEquals(a, b) || IsIn(b, a)) return a;
        return IsIn(a, b) ? b : [.. a.Zip(b, (left, right) => left | right)];
    }

    private static bool IsIn(ulong[] part, ulong[] whole)
    {
        for (var i = 0; i < part.Length; i++)
        {
            if ((part[i] & ~whole[i]) != 0) return false;
        }

        return true;
    }

    private ulong[] With(ulong[] set, Node node, ILookup<Node, int> indices)
    {
        if (!indices.Contains(node)) return set;
        var one = (ulong[])none.Clone();
        foreach (var index in indices[node]) one[index / Bits] |= 1UL << (index % Bits);
        return Union(set, one);
    }
}

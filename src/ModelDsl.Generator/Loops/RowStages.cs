using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops;

/// <summary>The order of work within a row. A stage is one pass over the columns. A value that depends on a sum or maximum along the row is computed in a later stage.</summary>
internal sealed class RowStages
{
    private readonly Dictionary<Node, int> ready = [];
    private readonly Group group;

    public RowStages(Group group)
    {
        this.group = group;
        Space = Fuser.Space(group);
        foreach (var member in group.Members)
        {
            var from = member.Operands.Select(operand => ready.TryGetValue(operand.Node, out var stage) ? stage : 0).DefaultIfEmpty(0).Max();
            ready[member] = member is ReduceNode ? from + 1 : from;
        }

        Last = ready.Select(pair => pair.Key is ReduceNode ? pair.Value - 1 : IsRow(pair.Key) ? 0 : pair.Value).DefaultIfEmpty(0).Max();
    }

    /// <summary>The rows and their width; null if all values are single numbers.</summary>
    public RowSpace? Space { get; }

    /// <summary>The last stage.</summary>
    public int Last { get; }

    /// <summary>Whether the last pass over the columns only computes a member, so that nothing is read after it has been stored.</summary>
    public bool EndWith(Node node) => Reductions(Last).Count == 0 && Columns(Last).Where(group.Stored.Contains).SequenceEqual([node]);

    /// <summary>Whether a member has one value per row.</summary>
    public bool IsRow(Node node) => Space is null || !Space.Value.IsFull(node);

    /// <summary>The sums and maxima that are computed in a stage.</summary>
    public IReadOnlyList<ReduceNode> Reductions(int stage) => [.. group.Members.OfType<ReduceNode>().Where(reduce => ready[reduce] == stage + 1)];

    /// <summary>The members with a value per column that become available in a stage.</summary>
    public IReadOnlyList<Node> Columns(int stage) => [.. group.Members.Where(member => member is not ReduceNode && !IsRow(member) && ready[member] == stage)];

    /// <summary>The members with a value per row that become available before a stage.</summary>
    public IReadOnlyList<MapNode> RowMaps(int stage) => [.. group.Members.OfType<MapNode>().Where(map => IsRow(map) && ready[map] == stage)];
}

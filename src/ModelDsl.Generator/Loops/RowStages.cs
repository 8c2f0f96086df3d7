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
    public bool EndWith(Node node) => Reductions(Last).Count == 0 && Stored(Last).SequenceEqual([node]);

    /// <summary>The stage from which on a member is available.</summary>
    public int ReadyAt(Node member) => ready[member];

    /// <summary>Whether a member has one value per row.</summary>
    public bool IsRow(Node node) => Space is null || !Space.Value.IsFull(node);

    /// <summary>The sums and maxima that are computed in a stage.</summary>
    public IReadOnlyList<ReduceNode> Reductions(int stage) => [.. group.Members.OfType<ReduceNode>().Where(reduce => ready[reduce] == stage + 1)];

    /// <summary>The members with a value per column that become available in a stage.</summary>
    public IReadOnlyList<Node> Columns(int stage) => [.. group.Members.Where(member => member is not ReduceNode && !IsRow(member) && ready[member] == stage)];

    /// <summary>The members with a value per column that are stored in a stage.</summary>
    public IReadOnlyList<Node> Stored(int stage) => [.. Columns(stage).Where(group.Stored.Contains)];

    /// <summary>Whether a stage needs a pass over the columns.</summary>
    public bool HasPass(int stage) => Reductions(stage).Count > 0 || Stored(stage).Count > 0;

    /// <summary>The members that the pass of a stage reads or computes: those with a value per column, and the values of rows that these depend on.</summary>
    public IReadOnlyList<Node> Read(int stage)
    {
        var found = new HashSet<Node>();
        foreach (var reduce in Reductions(stage)) Operands(reduce);
        foreach (var node in Stored(stage)) Add(node);
        return [.. group.Members.Where(found.Contains)];

        void Add(Node node)
        {
            if (group.Members.Contains(node) && found.Add(node) && !IsRow(node)) Operands(node);
        }

        void Operands(Node node)
        {
            foreach (var operand in node.Operands) Add(operand.Node);
        }
    }

    /// <summary>The members with a value per row that become available before a stage.</summary>
    public IReadOnlyList<MapNode> RowMaps(int stage) => [.. group.Members.OfType<MapNode>().Where(map => IsRow(map) && ready[map] == stage)];
}

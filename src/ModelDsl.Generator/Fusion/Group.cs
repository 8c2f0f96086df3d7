using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>The kind of the node that a group is built around.</summary>
internal enum GroupKind
{
    /// <summary>A contraction. Pointwise stages, and reductions over windows, are fused into its epilogue.</summary>
    Contract,

    /// <summary>Values with the same rows: pointwise stages, sums and maxima along the last axis, and gathers.</summary>
    Row,

    /// <summary>A sum over leading axes, in a fixed number of partial sums, with pointwise stages on its result.</summary>
    Sum,

    /// <summary>Rows that are added to a table.</summary>
    Scatter,

    /// <summary>Values that are concatenated in one buffer, or padded with zeros.</summary>
    Copy,

    /// <summary>Rows that are written to a buffer of a session, or a row that is read from it.</summary>
    Cache,

    /// <summary>A loop over time and its results.</summary>
    Scan,

    /// <summary>Matrices between two products that are not stored. They are computed for a block of rows at a time.</summary>
    Chain,

    /// <summary>A matrix with long rows that is not stored. All workers together compute a block of rows at a time.</summary>
    LongChain,
}

/// <summary>
/// Nodes that are computed together. The last axis of a row group is its vector axis; the axes before it are its rows. The stored values are decided here for all targets. A
/// target may split a group, but must not store other values.
/// </summary>
internal sealed class Group(GroupKind kind, int part, Node anchor)
{
    private const int LongestName = 48;

    private readonly List<Node> members = [anchor];

    public GroupKind Kind { get; } = kind;

    /// <summary>The part of the plan that contains the group.</summary>
    public int Part { get; } = part;

    public Node Anchor { get; } = anchor;

    /// <summary>The chain that the group consists of; null for other groups.</summary>
    public Chain? Chain { get; init; }

    /// <summary>The members in an order in which they can be computed.</summary>
    public IReadOnlyList<Node> Members => members;

    /// <summary>The groups of the body of a loop over time; null for other groups.</summary>
    public FusedGraph? Body { get; init; }

    /// <summary>The members that are read outside the group.</summary>
    public IReadOnlyList<Node> Stored { get; set; } = [];

    /// <summary>The name of the group: the names of all stored values, or of the last if that is too long.</summary>
    public string Name => string.Join(" and ", Stored.Select(node => node.Name).Distinct()) is { Length: <= LongestName } name ? name : Stored[Stored.Count - 1].Name;

    public void Add(Node node) => members.Add(node);

    /// <summary>Whether a member's value has one use only: it is stored, or one other member reads it once.</summary>
    public bool IsUsedOnce(Node member) =>
        members.SelectMany(reader => reader.Operands).Count(operand => operand.Node == member) + (Stored.Contains(member) ? 1 : 0) == 1;

    public override string ToString() => $"{Kind}({string.Join(", ", members.Select(member => member.Name))})";
}

/// <summary>The groups of a graph in an order in which they can run.</summary>
/// <param name="Graph">The graph, in which every root has a value of its own.</param>
/// <param name="Groups">Its groups.</param>
internal sealed record FusedGraph(ModelGraph Graph, IReadOnlyList<Group> Groups);

using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>What a group is built around.</summary>
internal enum GroupKind
{
    /// <summary>A contraction; pointwise stages, and reductions over windows, are fused into its epilogue.</summary>
    Contract,

    /// <summary>Rows of a common shape: pointwise stages, sums and maxima along the last axis, gathered rows.</summary>
    Row,

    /// <summary>A sum over leading axes, in fixed partial sums, with pointwise stages on its result.</summary>
    Sum,

    /// <summary>Rows added into a table.</summary>
    Scatter,

    /// <summary>Values side by side in one buffer, or padded with zeros.</summary>
    Copy,

    /// <summary>Rows written into a buffer that a session keeps, or a row read from it.</summary>
    Cache,

    /// <summary>A loop over time with its results.</summary>
    Scan,

    /// <summary>Matrices that are never stored, between the products that make and sum them: computed for a block of rows at a time.</summary>
    Chain,
}

/// <summary>
/// Nodes computed together. The last axis of a row group is its vector axis, the axes before it are its rows. What is stored is decided here,
/// once for every target; a target may split a group but never store something else.
/// </summary>
internal sealed class Group(GroupKind kind, int part, Node anchor)
{
    private const int LongestName = 48;

    private readonly List<Node> members = [anchor];

    public GroupKind Kind { get; } = kind;

    /// <summary>Which of the plan's parts runs the group.</summary>
    public int Part { get; } = part;

    public Node Anchor { get; } = anchor;

    /// <summary>The chain that the group is; null where it is none.</summary>
    public Chain? Chain { get; init; }

    /// <summary>In an order in which they can be computed.</summary>
    public IReadOnlyList<Node> Members => members;

    /// <summary>The groups of the body of a loop over time; null for other groups.</summary>
    public FusedGraph? Body { get; init; }

    /// <summary>Members somebody outside the group reads.</summary>
    public IReadOnlyList<Node> Stored { get; set; } = [];

    /// <summary>What the group is called: all that it stores, or the last of it where that would be long.</summary>
    public string Name => string.Join(" and ", Stored.Select(node => node.Name).Distinct()) is { Length: <= LongestName } name ? name : Stored[Stored.Count - 1].Name;

    public void Add(Node node) => members.Add(node);

    /// <summary>Whether a member's value has one use only: it is stored, or one other member reads it once.</summary>
    public bool IsUsedOnce(Node member) =>
        members.SelectMany(reader => reader.Operands).Count(operand => operand.Node == member) + (Stored.Contains(member) ? 1 : 0) == 1;

    public override string ToString() => $"{Kind}({string.Join(", ", members.Select(member => member.Name))})";
}

/// <summary>The groups of a graph in an order in which they can run.</summary>
/// <param name="Graph">The graph, with every root a value of its own.</param>
/// <param name="Groups">Its groups.</param>
internal sealed record FusedGraph(ModelGraph Graph, IReadOnlyList<Group> Groups);

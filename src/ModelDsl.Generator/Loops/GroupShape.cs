using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// The computation of a group without names: everything that a schedule can use about its members, their operands and the buffers. Groups with equal shapes become the same
/// kernels on different buffers.
/// </summary>
internal sealed class GroupShape : IEquatable<GroupShape>
{
    private readonly StorageMap storages;
    private readonly List<object> tokens = [];
    private readonly Dictionary<Node, int> numbers = [];
    private readonly List<Storage> buffers = [];
    private readonly List<int> streams = [];
    private readonly int hash;

    private GroupShape(Group group, StorageMap storages)
    {
        this.storages = storages;
        foreach (var member in group.Members) numbers.Add(member, numbers.Count);
        Add(group.Kind, group.Members.Count, group.Stored.Count);
        foreach (var member in group.Members) Describe(member);
        foreach (var node in group.Stored)
        {
            Add(numbers[node]);
            Of(storages.Of(node));
        }

        hash = tokens.Aggregate(17, (hash, token) => unchecked((hash * 31) + token.GetHashCode()));
    }

    /// <summary>The buffers that the group reads and writes, in the order in which they appear.</summary>
    public IReadOnlyList<Storage> Buffers => buffers;

    /// <summary>The streams of random numbers that the group draws from, in the order in which they appear.</summary>
    public IReadOnlyList<int> Streams => streams;

    /// <summary>The shape of a group.</summary>
    public static GroupShape Of(Group group, StorageMap storages) => new(group, storages);

    /// <summary>The number of a node among the members and their operands, or −1.</summary>
    public int NumberOf(Node node) => numbers.TryGetValue(node, out var number) ? number : -1;

    /// <summary>The node with a number.</summary>
    public Node NodeOf(int number) => numbers.First(pair => pair.Value == number).Key;

    public bool Equals(GroupShape? other) => other is not null && hash == other.hash && tokens.SequenceEqual(other.tokens);

    public override bool Equals(object? obj) => Equals(obj as GroupShape);

    public override int GetHashCode() => hash;

    private void Describe(Node node)
    {
        // A schedule does not see the other value of a control dependency.
        var operands = node is AfterNode ? [node.Operands[0]] : node.Operands;
        Add(node.GetType(), node.Shape, node.Type, node.Attributes, operands.Count);
        foreach (var operand in operands)
        {
            Add(operand.Map);
            Of(operand.Node);
        }
    }

    private void Of(Node node)
    {
        var isKnown = numbers.TryGetValue(node, out var number);
        if (!isKnown) numbers.Add(node, number = numbers.Count);
        Add(number);
        if (isKnown) return;
        if (node is RandomNode random)
        {
            if (!streams.Contains(random.Stream)) streams.Add(random.Stream);
            Add(typeof(RandomNode), node.Shape, streams.IndexOf(random.Stream));
        }
        else if (Aliases.IsInMemory(node) && storages.IsStored(node))
        {
            Add(node.Shape);
            Of(storages.Of(node));
        }
        else
        {
            // The node is an alias or a constant.
            Describe(node);
        }
    }

    private void Of(Storage storage)
    {
        var number = buffers.IndexOf(storage.Whole);
        if (number < 0) buffers.Add(storage.Whole);
        Add(number, storage.Space, storage.Type, storage.Length);
        if (storage.Layout is Strided strided) Add([strided.Base, .. strided.Strides]);
        else Add(storage.Layout);
    }

    private void Add(params object[] more) => tokens.AddRange(more);
}

using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// Fuses a graph into groups, in one traversal in the order of the graph. A node joins the last group that one of its operands belongs to if that group's loops have the value in
/// registers, or a later row group that reads the same values. Otherwise it begins a new group. All other operands are computed earlier, so groups never form a cycle.
/// </summary>
internal sealed class Fuser
{
    private readonly List<Group> groups = [];
    private readonly Dictionary<Node, int> groupOf = [];

    // The row groups that read a value, as candidates for other readers.
    private readonly Dictionary<Node, SortedSet<int>> rowsThatRead = [];
    private readonly Dictionary<Node, int> parts;
    private readonly GroupLimits limits;

    private Fuser(Dictionary<Node, int> parts, GroupLimits limits) => (this.parts, this.limits) = (parts, limits);

    /// <summary>Fuses a graph.</summary>
    /// <param name="graph">A prepared graph.</param>
    /// <param name="parts">The part of the plan that computes each node.</param>
    /// <param name="limits">The limits of groups.</param>
    /// <param name="chains">Its chains. Each becomes a group.</param>
    public static FusedGraph Fuse(ModelGraph graph, Dictionary<Node, int> parts, GroupLimits limits, IReadOnlyList<Chain>? chains = null)
    {
        var fuser = new Fuser(parts, limits);
        var numbers = new Dictionary<Node, int>();
        for (var number = 0; number < (chains?.Count ?? 0); number++)
        {
            foreach (var member in chains![number].Members) numbers.Add(member, number);
        }

        var order = InOrder(graph);
        if (numbers.Count > 0) order = ChainOrder.Sort([.. order], node => numbers.TryGetValue(node, out var number) ? number : -1);
        foreach (var node in order.Where(Aliases.IsComputed))
        {
            if (numbers.TryGetValue(node, out var number)) fuser.Assign(node, chains![number]);
            else fuser.Assign(node);
        }

        fuser.DecideStores(graph);
        return StateWrites.Checked(new FusedGraph(graph, fuser.groups));
    }

    /// <summary>Nodes that depend on parameters only come first, so that an epilogue of a product can read them regardless of their order among the operands.</summary>
    private static IEnumerable<Node> InOrder(ModelGraph graph)
    {
        var derived = new HashSet<Node>();
        foreach (var node in graph.Nodes)
        {
            if (node is ParameterNode || (node.Operands.Count > 0 && node.Operands.All(operand => derived.Contains(operand.Node)))) derived.Add(node);
        }

        return graph.Nodes.Where(derived.Contains).Concat(graph.Nodes.Where(node => !derived.Contains(node)));
    }

    private void Assign(Node node)
    {
        var last = node.Operands.Select(operand => Aliases.Source(operand.Node)).Concat(ControlDependencies.Of(node)).Select(source => groupOf.TryGetValue(source, out var index) ? index : -1)
            .DefaultIfEmpty(-1).Max();
        var index = last >= 0 && Joins(node, groups[last]) ? last : FindBeside(node, last + 1);
        if (index == groups.Count) groups.Add(new Group(GroupKinds.Of(node), parts[node], node) { Body = node is ScanNode scan ? FuseBody(scan) : null });
        else groups[index].Add(node);
        groupOf[node] = index;
        if (groups[index].Kind != GroupKind.Row) return;
        foreach (var operand in node.Operands)
        {
            var source = Aliases.Source(operand.Node);
            if (!rowsThatRead.TryGetValue(source, out var rows)) rowsThatRead.Add(source, rows = []);
            rows.Add(index);
        }
    }

    private void Assign(Node node, Chain chain)
    {
        // The members of a chain are consecutive.
        if (groups.Count > 0 && ReferenceEquals(groups[groups.Count - 1].Chain, chain)) groups[groups.Count - 1].Add(node);
        else groups.Add(new Group(chain.Form == ChainForm.Long ? GroupKind.LongChain : GroupKind.Chain, parts[node], node) { Chain = chain });
        groupOf[node] = groups.Count - 1;
    }

    /// <summary>Returns the first row group from <paramref name="from"/> on that reads the same rows of the same values, or the number of a new group.</summary>
    private int FindBeside(Node node, int from)
    {
        if (from >= groups.Count) return groups.Count;
        var candidates = new SortedSet<int>();
        foreach (var operand in node.Operands)
        {
            if (rowsThatRead.TryGetValue(Aliases.Source(operand.Node), out var rows)) candidates.UnionWith(rows.GetViewBetween(from, groups.Count));
        }

        foreach (var index in candidates)
        {
            if (groups[index].Anchor.Shape.HasBatch && Joins(node, groups[index])) return index;
        }

        return groups.Count;
    }

    private bool Joins(Node node, Group group)
    {
        bool Inside(Node other) => groupOf.TryGetValue(other, out var index) && ReferenceEquals(groups[index], group);
        if (group.Kind == GroupKind.Scan || node is ScanResultNode) return node is ScanResultNode result && Inside(result.Scan);
        if (!limits.Accept(group, node)) return false;

        // Values of a product's elements that only a later part needs are computed while the elements are in registers.
        if (group.Kind == GroupKind.Contract && Windows.FitsTile(node, group, Inside) && (parts[node] == group.Part || group.Part == 0)) return true;
        if (parts[node] != group.Part) return false;
        return group.Kind switch
        {
            GroupKind.Sum when node.Operands.Any(operand => operand.Node is RandomNode) || AsksForIndex(node) => false,
            GroupKind.Contract or GroupKind.Sum => node is MapNode map && node.Shape == group.Anchor.Shape && Windows.Allow(map, group)
                && node.Operands.All(operand => Inside(operand.Node)
                    ? operand.Map.IsIdentity(node.Shape.Rank)
                    : !Inside(Aliases.Source(operand.Node)) && (group.Kind != GroupKind.Sum || IsInOrder(operand, node.Shape))),
            GroupKind.Row => Space(group) is { } space && space.Accepts(node, Inside),
            GroupKind.Scatter or GroupKind.Copy or GroupKind.Cache or GroupKind.Scan or GroupKind.Chain or GroupKind.LongChain => false,
        };
    }

    private FusedGraph FuseBody(ScanNode scan)
    {
        var body = Preparation.Prepare(scan.Body.Graph);

        // The scratch memory of a chain belongs to a worker, and functions of a loop do not receive it.
        return Fuse(body, body.Nodes.ToDictionary(node => node, _ => 0), limits with { HoldsChains = false });
    }

    private static bool AsksForIndex(Node node) => node is MapNode map && ExprWalk.All(map.Body).Any(expr => expr is AxisIndex);

    /// <summary>Whether an operand is read as a whole in row-major order, or is a single value. The stages after a sum have a single position.</summary>
    private static bool IsInOrder(Operand operand, Shape shape)
    {
        if (operand.Map.Coordinates.All(coordinate => coordinate.Terms.Count == 0)) return true;
        if (!operand.Map.IsIdentity(shape.Rank) || operand.Node.Shape != shape) return false;
        var node = operand.Node;
        while (Aliases.IsAlias(node))
        {
            if (node is ViewNode) return node.Operands[0].Map.Coordinates.All(coordinate => coordinate.Terms.Count == 0);
            node = node.Operands[0].Node;
        }

        return true;
    }

    /// <summary>The row space of a row group, or null for a group of scalars.</summary>
    internal static RowSpace? Space(Group group)
    {
        foreach (var member in group.Members)
        {
            if (member is ReduceNode reduce) return RowSpace.Of(reduce.Domain);
        }

        return group.Anchor.Shape.Rank == 0 ? null : RowSpace.Of(group.Anchor.Shape);
    }

    private void DecideStores(ModelGraph graph)
    {
        var read = new HashSet<Node>(graph.Roots.Select(root => Aliases.Source(root.Value)));
        foreach (var reader in graph.Nodes.Where(Aliases.IsComputed))
        {
            foreach (var operand in reader.Operands)
            {
                var source = Aliases.Source(operand.Node);
                if (groupOf.TryGetValue(source, out var index) && index != groupOf[reader]) read.Add(source);
            }
        }

        foreach (var group in groups) group.Stored = [.. group.Members.Where(read.Contains)];
    }
}

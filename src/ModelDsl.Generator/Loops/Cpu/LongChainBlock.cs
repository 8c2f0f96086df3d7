using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// The computation of a long chain for a block of rows, as a graph whose samples are the rows. Operands from outside and results are parts of other buffers; the matrix and all
/// other values have a buffer for one block.
/// </summary>
internal sealed class LongChainBlock
{
    private readonly Chain chain;
    private readonly StorageMap outside;
    private readonly Dictionary<Node, Node> inner = [];
    private readonly Dictionary<Node, LoopValueNode> whole = [];
    private readonly Dictionary<Node, LoopValueNode> parts = [];
    private readonly Dictionary<Node, Storage> given = [];
    private readonly Dictionary<Storage, (Storage Whole, int RowStride)> views = [];
    private readonly Dictionary<Storage, Storage> own = [];
    private readonly HashSet<Node> sums = [];
    private readonly List<Root> roots = [];
    private readonly int rows;

    /// <summary>Builds the graph of a block.</summary>
    /// <param name="group">The chained group.</param>
    /// <param name="outside">The buffers of the values outside the block.</param>
    /// <param name="rows">The number of rows of a block.</param>
    /// <param name="limits">The limits of groups.</param>
    public LongChainBlock(Group group, StorageMap outside, int rows, GroupLimits limits)
    {
        (chain, this.outside, this.rows) = (group.Chain!, outside, rows);
        foreach (var member in chain.Members) Add(member, group.Stored.Contains(member));
        var graph = new ModelGraph(roots);
        Body = Fuser.Fuse(graph, graph.Nodes.ToDictionary(node => node, _ => group.Part), limits with { HoldsChains = false });
        Storages = outside.OfBody(Body, given);
        ReuseMatrices();
    }

    /// <summary>The groups of the block, in an order in which they can run.</summary>
    public FusedGraph Body { get; }

    /// <summary>The buffers of the block's values, in which rows are samples.</summary>
    public StorageMap Storages { get; }

    /// <summary>The sums over rows, which continue from block to block. They must be 0 before the first block.</summary>
    public IEnumerable<Node> Sums => sums;

    /// <summary>Whether a group computes a product that is added to the present contents of its result.</summary>
    public bool Accumulates(Group group) => group.Anchor is ContractNode && sums.Contains(group.Anchor);

    /// <summary>Whether a buffer is outside the block and not one of its own.</summary>
    public bool IsGiven(Storage storage) => views.ContainsKey(storage);

    /// <summary>The location of a buffer of the block, and the number of elements by which it begins later for the next row.</summary>
    public (Storage Storage, int RowStride) LocationOf(Storage storage)
    {
        if (views.TryGetValue(storage, out var view)) return view;
        if (storage.Space != Space.Batched) return (storage, 0);
        if (!own.TryGetValue(storage, out var buffer)) own.Add(storage, buffer = new Storage(storage.Name, Space.Fixed, storage.Layout, checked(storage.Length * rows), storage.Type));
        return (buffer, 0);
    }

    /// <summary>
    /// Stores a matrix over the one that it is computed from if nothing reads that one afterwards, such as the gradient of logits over the logits. Its elements are computed from the
    /// same elements in the last pass over a row.
    /// </summary>
    private void ReuseMatrices()
    {
        for (var number = 0; number < Body.Groups.Count; number++)
        {
            var group = Body.Groups[number];
            var later = new HashSet<Node>(Body.Groups.Skip(number + 1).SelectMany(other => other.Members).SelectMany(member => member.Operands).Select(operand => operand.Node));
            foreach (var result in group.Stored.Where(node => group.Kind == GroupKind.Row && IsOwn(node) && new RowStages(group).EndWith(node)))
            {
                var source = group.Members.SelectMany(member => member.Operands).Select(operand => operand.Node)
                    .FirstOrDefault(node => !group.Members.Contains(node) && !later.Contains(node) && IsOwn(node) && node.Shape == result.Shape);
                if (source is not null) Storages.With(result, Storages.Of(source));
            }
        }

        bool IsOwn(Node node) => node.Shape.Rank == 2 && Storages.IsStored(node) && Storages.Of(node) is { Space: Space.Batched } storage && !views.ContainsKey(storage);
    }

    private void Add(Node member, bool isStored)
    {
        var rowAxes = RowAxesOf(member);
        var domain = member.Domain;

        // Rows are one axis of the block, at the position of the first of their axes.
        int[] axes = [.. Enumerable.Range(0, domain.Rank).Where(axis => rowAxes.Length == 0 || axis == rowAxes[0] || !rowAxes.Contains(axis))];
        int Own(int axis) => Array.IndexOf(axes, axis);
        Shape ShapeOf(IEnumerable<int> read) => Shape.Of([.. read.Select(axis => axis == rowAxes[0] ? Extent.Batch : domain[axis])]);
        bool IsLaterRow(Coordinate coordinate) => coordinate.Terms.Any(term => rowAxes.Skip(1).Contains(term.Axis));
        IndexMap Inner(IndexMap map) => new([.. map.Coordinates.Where(coordinate => !IsLaterRow(coordinate))
            .Select(coordinate => coordinate with { Terms = [.. coordinate.Terms.Select(term => term with { Axis = Own(term.Axis) })] })]);

        Operand Read(Operand operand)
        {
            if (inner.TryGetValue(operand.Node, out var known)) return new Operand(known, Inner(operand.Map));
            if (!Aliases.IsInMemory(operand.Node)) return operand;
            if (!ChainForm.Axes(operand.Map).Any(rowAxes.Contains)) return Whole(operand, Inner);
            int[] read = [rowAxes[0], .. operand.Map.Coordinates.Select(coordinate => coordinate.Axis).Where(axis => !rowAxes.Contains(axis))];
            if (!parts.TryGetValue(operand.Node, out var value))
            {
                parts.Add(operand.Node, value = new LoopValueNode(operand.Node.Name, ShapeOf(read), operand.Node.Type));
                given.Add(value, View(Access.Of(operand, domain.Rank, outside.Of), value.Name, read, rowAxes));
            }

            return new Operand(value, IndexMap.Project([.. read.Select(Own)]));
        }

        var operands = member.Operands.Select(Read).ToArray();
        var output = OutputMap(member);
        int[] kept = [.. output.Coordinates.Where(coordinate => !IsLaterRow(coordinate)).Select(coordinate => coordinate.Axis)];
        Expr Body(Expr body) => ExprWalk.Substitute(body, [.. Enumerable.Range(0, operands.Length).Select(Expressions.Input)], axis => Expressions.Index(Own(axis)));
        Node node = member switch
        {
            ContractNode => new ContractNode(member.Name, ShapeOf(kept), ShapeOf(axes), Inner(output), operands[0], operands[1]),
            ReduceNode reduce => new ReduceNode(member.Name, ShapeOf(kept), reduce.Op, ShapeOf(axes), Inner(output), Body(reduce.Body), operands),
            MapNode map => new MapNode(member.Name, ShapeOf(kept), Body(map.Body), operands),
            _ => throw new InvalidOperationException($"'{member.Name}' is no member of a chain."),
        };
        inner[member] = node;
        if (!isStored) return;
        if (rowAxes.Any(axis => output.Coordinates.Any(coordinate => coordinate.Axis == axis)))
        {
            given.Add(node, View(Access.Of(new Operand(member, output), domain.Rank, outside.Of), member.Name, kept, rowAxes));
        }
        else
        {
            node = Sum(member, node);
        }

        roots.Add(new Root(RootKind.Step, member.Name, node));
    }

    /// <summary>A sum over rows. Products add to their result; the result of any other sum is added by a map.</summary>
    private Node Sum(Node member, Node node)
    {
        var storage = outside.Of(member);
        views[storage.Whole] = (storage.Whole, 0);
        if (node is not ContractNode)
        {
            var before = new LoopValueNode(node.Name, node.Shape);
            given.Add(before, storage);
            node = new MapNode(node.Name, node.Shape, Expressions.Add(Expressions.Input(0), Expressions.Input(1)), Operand.Whole(before), Operand.Whole(node));
        }

        given.Add(node, storage);
        sums.Add(node);
        return node;
    }

    /// <summary>An operand that is the same for all rows.</summary>
    private Operand Whole(Operand operand, Func<IndexMap, IndexMap> inner)
    {
        var (node, map) = (operand.Node, operand.Map);
        while (node is ViewNode or StopGradientNode or AfterNode) (node, map) = (node.Operands[0].Node, node.Operands[0].Map.After(map));
        if (!whole.TryGetValue(node, out var value))
        {
            whole.Add(node, value = new LoopValueNode(node.Name, node.Shape, node.Type));
            var access = Aliases.IsAlias(node) ? Access.Of(Operand.Whole(node), node.Shape.Rank, outside.Of) : null;
            var storage = access is null ? outside.Of(node) : new Storage(node.Name, access.Storage.Space, new Strided(access.Strides, access.Base), access.Storage.Length, node.Type);
            views[storage.Whole] = ((access?.Storage ?? storage).Whole, 0);
            given.Add(value, storage);
        }

        return new Operand(value, inner(map));
    }

    /// <summary>A part of a buffer outside, in which rows are samples.</summary>
    private Storage View(Access access, string name, IReadOnlyList<int> read, int[] rowAxes)
    {
        var row = access.Strides[rowAxes[rowAxes.Length - 1]];
        var storage = new Storage(
            name, access.Storage.Space, new Strided([.. read.Select(axis => axis == rowAxes[0] ? row : access.Strides[axis])], access.Base), access.Storage.Length, access.Storage.Type);
        views.Add(storage, (access.Storage.Whole, row));
        return storage;
    }

    /// <summary>The axes of a member's domain that number rows, in the order of the matrix.</summary>
    private int[] RowAxesOf(Node member)
    {
        var map = member is not ContractNode contract ? IndexMap.Identity(member.Domain.Rank)
            : chain.Matrices.Contains(member) ? contract.Output
            : contract.Operands[chain.OperandOf(contract)].Map;
        return [.. map.Coordinates.Take(chain.ColumnAxis).Select(coordinate => coordinate.Axis)];
    }

    private static IndexMap OutputMap(Node member) => member switch
    {
        ContractNode contract => contract.Output,
        ReduceNode reduce => reduce.Output,
        _ => IndexMap.Identity(member.Shape.Rank),
    };
}

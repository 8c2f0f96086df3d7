using ModelDsl.Generator.Common;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>The location of a buffer of a block in another buffer: <c>Base + Σ Lead[i] · index[i] + Row · first row + Column · first column</c>.</summary>
/// <param name="Whole">The other buffer; null for the worker's own memory.</param>
/// <param name="Base">The offset for the first block of the first matrix.</param>
/// <param name="Lead">The distance between matrices, along each axis that numbers them.</param>
/// <param name="Row">The distance between rows of the matrix.</param>
/// <param name="Column">The distance between columns of the matrix; 0 if all blocks begin at the first column.</param>
internal sealed record BlockView(Storage? Whole, int Base, IReadOnlyList<int> Lead, int Row, int Column = 0);

/// <summary>An operand of a block that is a matrix in another buffer.</summary>
/// <param name="View">Its location.</param>
/// <param name="Rows">Its number of rows: those of a block if the view advances with the rows of the block, and otherwise those of all blocks.</param>
/// <param name="Columns">Its number of columns, which are adjacent.</param>
/// <param name="Stride">The number of floats between rows.</param>
internal sealed record ChainOperand(BlockView View, int Rows, int Columns, int Stride);

/// <summary>
/// The computation of a chained group for a block of rows of one matrix, as a graph of its own. Matrices have the shape [rows, columns]. Operands from outside and stored values
/// are parts of other buffers; all other values are in the worker's own memory. The groups of this graph are scheduled like any other group.
/// </summary>
internal sealed class ChainBlock
{
    /// <summary>The number of floats between rows, so that rows whose length is a power of two do not map to the same cache lines.</summary>
    private const int Gap = Value.Lanes;

    private readonly Chain chain;
    private readonly StorageMap outside;
    private readonly Group group;
    private readonly int rows;
    private readonly int columns;
    private readonly Dictionary<Node, Node> inner = [];
    private readonly Dictionary<Storage, BlockView> views = [];
    private readonly List<ChainOperand> matrixOperands = [];
    private readonly List<Root> roots = [];

    /// <summary>Builds the graph of a block.</summary>
    /// <param name="group">The chained group.</param>
    /// <param name="outside">The buffers of the values outside the block.</param>
    /// <param name="rows">The number of rows of a block.</param>
    /// <param name="columns">The number of columns of a block. If the matrix has more, blocks begin at different columns.</param>
    /// <param name="limits">The limits of groups.</param>
    public ChainBlock(Group group, StorageMap outside, int rows, int columns, GroupLimits limits)
    {
        (this.group, chain, this.outside, this.rows, this.columns) = (group, group.Chain!, outside, rows, columns);
        Storages = StorageMap.OfParts(outside.Parameters);
        foreach (var member in chain.Members) Add(member);
        var graph = new ModelGraph(roots);
        Groups = Fuser.Fuse(graph, graph.Nodes.ToDictionary(node => node, _ => 0), limits with { HoldsWindows = false }).Groups;
        foreach (var stored in Groups.SelectMany(group => group.Stored).Where(node => !Storages.IsStored(node))) Storages.With(stored, Own(stored));
    }

    /// <summary>The groups of the block, in an order in which they can run.</summary>
    public IReadOnlyList<Group> Groups { get; }

    /// <summary>The operands that are matrices of floats in other buffers.</summary>
    public IReadOnlyList<ChainOperand> Operands => matrixOperands;

    /// <summary>The buffers of the block's values.</summary>
    public StorageMap Storages { get; }

    /// <summary>The number of floats of the worker's own memory that are in use.</summary>
    public int OwnFloats { get; private set; }

    /// <summary>Whether the block draws random numbers.</summary>
    public bool IsRandom => chain.Members.Any(member => member.Operands.Any(operand => operand.Node is RandomNode));

    /// <summary>The node of the block that computes a sum of the chain.</summary>
    public Node Inner(Node member) => inner[member];

    /// <summary>The location of a buffer of the block. A buffer that a schedule has added is in the worker's own memory.</summary>
    public BlockView ViewOf(Storage storage) => views.TryGetValue(storage, out var view) ? view : views[storage] = new BlockView(null, Reserve(storage.Length), [], 0);

    /// <summary>Whether the contents of a buffer are the same for all blocks of a matrix.</summary>
    public bool IsOfMatrix(Storage storage) => views.TryGetValue(storage, out var view) && view is { Whole: not null, Row: 0, Column: 0 };

    private int Reserve(int floats)
    {
        var start = OwnFloats;
        OwnFloats += (floats + Value.Lanes - 1) / Value.Lanes * Value.Lanes;
        return start;
    }

    private Storage Own(Node node)
    {
        var width = node.Shape.Rank == 2 ? (node.Shape[1].Value + Value.Lanes - 1) / Value.Lanes * Value.Lanes : 1;
        if (width % 64 == 0) width += Gap;
        var storage = new Storage(node.Name, Space.Worker, new Strided(node.Shape.Rank == 2 ? [width, 1] : [1]), node.Shape[0].Value * width);
        views[storage] = new BlockView(null, Reserve(storage.Length), [], 0);
        return storage;
    }

    private void Add(Node member)
    {
        // The axes of the member's domain that the block has, in order, and for each axis that numbers matrices its position among those.
        var lead = new Dictionary<int, int>();
        var (rowAxis, columnAxis) = (chain.RowAxis, chain.ColumnAxis);
        if (member is ContractNode contract)
        {
            var isProducer = chain.Matrices.Contains(member);
            var matrix = isProducer ? contract.Output : contract.Operands[chain.Matrices.Contains(contract.A.Node) ? 0 : 1].Map;
            foreach (var axis in chain.Lead) lead[matrix[axis].Axis] = axis;
            (rowAxis, columnAxis) = (matrix[chain.RowAxis].Axis, matrix[chain.ColumnAxis].Axis);
        }
        else
        {
            foreach (var axis in chain.Lead) lead[axis] = axis;
        }

        var domain = member.Domain;
        int[] axes = [.. Enumerable.Range(0, domain.Rank).Where(axis => !lead.ContainsKey(axis))];
        Extent Size(int axis) => axis == rowAxis ? rows : axis == columnAxis ? columns : domain[axis];
        IndexMap Map(IEnumerable<int> read) => IndexMap.Project([.. read.Select(axis => Array.IndexOf(axes, axis))]);
        Shape ShapeOf(IEnumerable<int> read) => Shape.Of([.. read.Select(Size)]);

        Operand Read(Operand operand)
        {
            // A value of the block is read at the row and column of the element that is computed.
            if (inner.TryGetValue(operand.Node, out var known)) return new Operand(known, Map(operand.Map.Coordinates.Select(coordinate => coordinate.Axis).Where(axis => !lead.ContainsKey(axis))));
            if (!Aliases.IsInMemory(operand.Node)) return operand.Node is RandomNode random ? new Operand(new RandomNode(random.Name, ShapeOf(axes), random.Stream), IndexMap.Identity(axes.Length)) : operand;
            var access = Access.Of(operand, domain.Rank, outside.Of);
            int[] read = [.. axes.Where(axis => ChainForm.Axes(operand.Map).Contains(axis))];
            var part = new InputNode(operand.Node.Name, ShapeOf(read), operand.Node.Type, -1, 0);
            var storage = View(access, part, read);
            Storages.With(part, storage);
            AddMatrix(part, views[storage], read, [.. read.Select(axis => access.Strides[axis])]);
            return new Operand(part, Map(read));
        }

        Storage View(Access access, Node part, IReadOnlyList<int> read)
        {
            var storage = new Storage(part.Name, access.Storage.Space, new Strided([.. read.Select(axis => access.Strides[axis])]), access.Storage.Length, access.Storage.Type);
            var byLead = new int[chain.RowAxis];
            foreach (var pair in lead) byLead[pair.Value] = access.Strides[pair.Key];
            views[storage] = new BlockView(access.Storage.Whole, access.Base, byLead, access.Strides[rowAxis], columns < chain.Columns && columnAxis < domain.Rank ? access.Strides[columnAxis] : 0);
            return storage;
        }

        void AddMatrix(Node part, BlockView view, int[] read, int[] strides)
        {
            if (read.Length != 2 || part.Type != ElementType.Float || view.Whole is null || Array.IndexOf(strides, 1) is not (>= 0 and var column)) return;
            var row = 1 - column;

            // If blocks begin at different columns, the columns that a block of the next matrix needs are not known here.
            if (read[column] == columnAxis && columns < chain.Columns) return;
            matrixOperands.Add(new ChainOperand(view, read[row] == columnAxis ? chain.Columns : part.Shape[row].Value, part.Shape[column].Value, strides[row]));
        }

        var operands = member.Operands.Select(Read).ToArray();
        var kept = OutputAxes(member).Where(axis => !lead.ContainsKey(axis)).ToArray();
        Expr Body(Expr body) => ExprWalk.Substitute(body, [.. Enumerable.Range(0, operands.Length).Select(Expressions.Input)], axis => Expressions.Index(Array.IndexOf(axes, axis)));
        var node = inner[member] = member switch
        {
            ContractNode product => new ContractNode(member.Name, ShapeOf(kept), ShapeOf(axes), Map(kept), operands[0], operands[1]),
            ReduceNode reduce => new ReduceNode(member.Name, ShapeOf(kept), reduce.Op, ShapeOf(axes), Map(kept), Body(reduce.Body), operands),
            MapNode map => new MapNode(member.Name, ShapeOf(kept), Body(map.Body), operands),
            _ => throw new InvalidOperationException($"'{member.Name}' is no member of a chain."),
        };
        if (!group.Stored.Contains(member)) return;

        // The access is over the member's domain, so that its axes have the same numbers.
        var whole = Access.Of(new Operand(member, OutputMap(member)), domain.Rank, outside.Of);
        Storages.With(node, View(whole, node, kept));
        roots.Add(new Root(RootKind.Output, member.Name, node));
    }

    private static IndexMap OutputMap(Node member) => member switch
    {
        ContractNode contract => contract.Output,
        ReduceNode reduce => reduce.Output,
        _ => IndexMap.Identity(member.Shape.Rank),
    };

    private static IEnumerable<int> OutputAxes(Node member) => OutputMap(member).Coordinates.Select(coordinate => coordinate.Axis);
}

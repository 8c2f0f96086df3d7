using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>The loops over rows around the computation of a row group, and the locations of its operands inside these loops.</summary>
internal sealed class RowLoops
{
    private readonly StorageMap storages;
    private readonly KernelBuilder kernel;
    private readonly Shape full;
    private readonly int rowRank;
    private readonly List<LoopAxis> axes;
    private readonly List<IndexVariable> variables;
    private readonly List<Access> accesses = [];
    private readonly Dictionary<GatherNode, Buffer> gathered = [];
    private readonly Group group;
    private readonly ChainStep? step;
    private readonly IndexVariable block = new("block");
    private readonly IndexVariable end = new("end");

    public RowLoops(Group group, RowSpace? space, StorageMap storages, KernelBuilder kernel, ChainStep? step)
    {
        this.step = step;
        this.group = group;
        this.storages = storages;
        this.kernel = kernel;
        full = space?.Full ?? Shape.Scalar;
        rowRank = space?.Rows.Rank ?? 0;
        foreach (var node in group.Members)
        {
            foreach (var operand in node.Operands.Where(operand => IsOutside(operand.Node)))
            {
                if (node is GatherNode gather && operand.Node == gather.Table) continue;
                accesses.Add(AccessOf(operand));
            }
        }

        accesses.AddRange(group.Stored.Select(node => AccessOf(Operand.Whole(node))));
        var isIndexed = group.Members.Any(node => BodyOf(node) is { } body && ExprWalk.All(body).Any(expr => expr is AxisIndex index && index.Axis < rowRank));
        axes = LoopAxes.Merge(full, Enumerable.Range(0, rowRank), [.. accesses.Select(access => access.Strides)], _ => !isIndexed);
        variables = [.. axes.Select((axis, depth) => new IndexVariable(depth == axes.Count - 1 ? "row" : full[axis.Axes[0]].IsBatch ? "sample" : $"outer{depth}"))];

        // Buffers are named before values, in the order that a reader expects: first those that are read, then those that are written.
        foreach (var gather in group.Members.OfType<GatherNode>()) kernel.Read(TableOf(gather).Storage);
        foreach (var access in accesses.Take(accesses.Count - group.Stored.Count)) kernel.Read(access.Storage);
        foreach (var node in group.Stored) kernel.Write(storages.Of(node));
    }

    /// <summary>The number of the row among all rows in row-major order.</summary>
    public Index LogicalRow
    {
        get
        {
            Index logical = 0;
            for (var depth = 0; depth < axes.Count; depth++) logical = (logical * axes[depth].Size) + variables[depth];
            return step is null ? logical : logical + ChainStep.FirstRow + ChainStep.FirstDraw;
        }
    }

    /// <summary>Reads the row numbers of gathers at the start of a row.</summary>
    public void Begin(List<Statement> row)
    {
        foreach (var gather in group.Members.OfType<GatherNode>())
        {
            var ids = AccessOf(Operand.Whole(gather.Ids));
            var id = new IndexVariable(kernel.Names.Unique(gather.Ids.Name + "Id"));
            var table = TableOf(gather);
            row.Add(new LoadIndex(id, kernel.Read(ids.Storage), Offset(ids)));
            var cursor = new Buffer(kernel.Names.Unique(gather.Table.Name + "Row"), table.Storage.Type);
            row.Add(new DeclareCursor(cursor, kernel.Read(table.Storage), (id * table.Strides[0]) + table.Base));
            gathered[gather] = cursor;
        }
    }

    public Buffer GatheredRow(GatherNode gather) => gathered[gather];

    /// <summary>Loads the value of an operand from outside: sixteen columns, or one value for the row if it is the same for all columns.</summary>
    public Value Load(Operand operand, Index column, Index count)
    {
        var access = AccessOf(operand);
        var buffer = kernel.Read(access.Storage);
        var along = full.Rank > rowRank ? access.Strides[rowRank] : 0;
        return along == 0
            ? new LoadScalar(buffer, Offset(access))
            : new LoadLanes(buffer, Offset(access) + (column * along), count, along);
    }

    /// <summary>The number of rows of a block of rows.</summary>
    public Index RowsOfBlock => end - block;

    /// <summary>The number of the row within its block.</summary>
    public Index RowInBlock => variables[0] - block;

    /// <summary>Loads the value of an operand from outside for all rows of a block.</summary>
    public Value LoadRows(Operand operand)
    {
        var access = AccessOf(operand);
        var buffer = kernel.Read(access.Storage);
        var along = access.Strides[0];
        return along == 0 ? new LoadScalar(buffer, access.Base) : new LoadLanes(buffer, OffsetOfBlock(access), RowsOfBlock, along);
    }

    /// <summary>Stores the values of a member for all rows of a block.</summary>
    public Statement StoreRows(Node node, Value value)
    {
        var access = AccessOf(Operand.Whole(node));
        return new StoreLanes(kernel.Write(access.Storage), OffsetOfBlock(access), value, RowsOfBlock, access.Strides[0]);
    }

    /// <summary>The indices of all rows of a block, as a value.</summary>
    public Value RowIndices => new LaneIndex(step is null ? block : block + ChainStep.FirstRow);

    /// <summary>The offset of a stored member's row.</summary>
    public Index RowOffset(Node node) => Offset(AccessOf(Operand.Whole(node)));

    public int ColumnStride(Node node) => AccessOf(Operand.Whole(node)).Strides[rowRank];

    /// <summary>The index along an axis, as a value.</summary>
    public Value IndexAlong(int axis, Index column)
    {
        if (axis == rowRank) return new LaneIndex(column + (step?.Before ?? 0));
        var index = variables[axes.FindIndex(loop => loop.Axis == axis)];
        return new IndexNumber(step is null ? index : index + ChainStep.FirstRow);
    }

    /// <summary>Writes the loops around the statements of a row. The outermost loop is divided among workers.</summary>
    public Launch Finish(string name, IReadOnlyList<string> formula, IReadOnlyList<Statement> row)
    {
        if (axes.Count == 0) return kernel.Build(name, formula, [new Loop(new IndexVariable(kernel.Names.Unique("once")), Range.From, Range.To, 1, row)], [], new Range(1));
        for (var depth = axes.Count - 1; depth >= 0; depth--)
        {
            Index from = depth == 0 ? Range.From : 0;
            row = [new Loop(variables[depth], from, depth == 0 ? Range.To : axes[depth].Size, 1, row)];
        }

        return kernel.Build(name, formula, row, [], new Range(axes[0].Size));
    }

    /// <summary>Writes the loop over the rows of a block.</summary>
    public Loop EachRow(IReadOnlyList<Statement> row) => new(variables[0], block, end, 1, row);

    /// <summary>Writes the loop over blocks of rows. The rows must have one axis.</summary>
    /// <param name="name">The name of the kernel.</param>
    /// <param name="formula">What it computes.</param>
    /// <param name="arrays">The arrays that the statements use.</param>
    /// <param name="statements">The statements for a block.</param>
    public Launch FinishBlocks(string name, IReadOnlyList<string> formula, IReadOnlyList<Statement> arrays, IReadOnlyList<Statement> statements)
    {
        var last = new DeclareIndex(end, Index.Min(block + Value.Lanes, Range.To));
        return kernel.Build(name, formula, [.. arrays, new Loop(block, Range.From, Range.To, Value.Lanes, [last, .. statements])], [], new Range(axes[0].Size));
    }

    private static Expr? BodyOf(Node node) => node switch
    {
        MapNode map => map.Body,
        ReduceNode reduce => ReductionSteps.Term(reduce),
        _ => null,
    };

    /// <summary>The access to a table, which may be an alias of a value with another shape. Its rows must be contiguous.</summary>
    private Access TableOf(GatherNode gather) => Access.Of(Operand.Whole(gather.Table), 2, storages.Of) is var table && table.Strides[1] == 1
        ? table
        : throw new NotSupportedException($"The rows of '{gather.Table.Name}' do not lie in one piece.");

    private bool IsOutside(Node node) => Aliases.IsInMemory(node) && !group.Members.Contains(node);

    private Access AccessOf(Operand operand) => Access.Of(operand, full.Rank, storages.Of);

    private Index OffsetOfBlock(Access access) => (block * access.Strides[0]) + access.Base;

    private Index Offset(Access access)
    {
        Index offset = 0;
        for (var depth = 0; depth < axes.Count; depth++) offset += variables[depth] * access.Strides[axes[depth].Axis];
        return offset + access.Base;
    }
}

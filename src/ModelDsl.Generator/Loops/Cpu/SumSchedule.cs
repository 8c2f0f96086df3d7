using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A sum over leading axes. When the last axis is kept, lanes run along it and each column is a sum of its own; when it is summed, sixteen virtual
/// lanes gather the terms and are combined by the fixed tree. Long sums are split into a fixed number of pieces.
/// </summary>
internal sealed class SumSchedule
{
    /// <summary>Vectors of columns summed side by side.</summary>
    private const int Vectors = 4;

    private readonly StorageMap storages;
    private readonly Group group;
    private readonly ReduceNode reduce;
    private readonly KernelBuilder kernel = new();
    private readonly List<Access> reads;
    private readonly List<LoopAxis> kept;
    private readonly List<LoopAxis> summed;
    private readonly bool isAlongKept;
    private readonly int pieces;
    private readonly Storage result;
    private readonly Storage? partial;

    private SumSchedule(StorageMap storages, Group group)
    {
        this.storages = storages;
        this.group = group;
        reduce = (ReduceNode)group.Anchor;
        if (reduce.Op != ReduceOp.Sum || reduce.Output.Coordinates.Any(coordinate => coordinate.Axis < 0))
        {
            throw new NotSupportedException($"The reduction '{reduce.Name}' has windows that need a schedule of their own.");
        }

        var rank = reduce.Domain.Rank;
        reads = [.. reduce.Operands.Where(IsRead).Select(operand => Access.Of(operand, rank, storages.Of))];
        var isIndexed = Scalars.ExprWalk.All(reduce.Body).Any(expr => expr is Scalars.AxisIndex);
        var keptAxes = reduce.Output.Coordinates.Select(coordinate => coordinate.Axis).ToArray();
        var strides = reads.Select(read => read.Strides).ToArray();
        kept = LoopAxes.Merge(reduce.Domain, keptAxes.OrderBy(axis => axis), strides, _ => !isIndexed);
        summed = LoopAxes.Merge(reduce.Domain, Enumerable.Range(0, rank).Except(keptAxes), strides, _ => !isIndexed);
        isAlongKept = keptAxes.Contains(rank - 1);
        var tasks = isAlongKept ? (reduce.Shape.Length + (Vectors * Value.Lanes) - 1) / (Vectors * Value.Lanes) : reduce.Shape.Length;
        pieces = summed.Count > 0 && reduce.Domain[summed[0].Axes[0]].IsBatch ? SumPieces.Of(tasks, reduce.Domain.Length) : 1;
        result = storages.Of(group.Stored.Contains(reduce) ? reduce : group.Stored[0]);
        if (pieces > 1) partial = storages.Scratch(reduce.Name + "Pieces", Space.Fixed, result.Layout, pieces * reduce.Shape.Length);
    }

    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group)
    {
        if (group.Anchor.Shape.HasBatch && ((ReduceNode)group.Anchor).Output.Coordinates.Select(c => c.Axis).Max() == group.Anchor.Shape.Rank - 1
            && ((ReduceNode)group.Anchor).Domain.Rank == group.Anchor.Shape.Rank + 1)
        {
            throw new InvalidOperationException("A sum along rows belongs in a row group.");
        }

        var schedule = new SumSchedule(storages, group);
        var main = schedule.BuildMain();
        return schedule.partial is null ? [main] : [main, schedule.Combine()];
    }

    private Index PieceLength => Index.CeilingDivide(summed[0].Size, pieces);

    private Index PieceCount => pieces == 1 ? 1 : Index.CeilingDivide(summed[0].Size, PieceLength);

    private Launch BuildMain()
    {
        var body = new List<Statement>();
        if (pieces > 1) body.Add(new DeclareIndex("piece", (Index)"task" % PieceCount));
        Index block = pieces > 1 ? (Index)"task" / PieceCount : "task";
        Index tasks;
        if (isAlongKept)
        {
            var width = kept[kept.Count - 1].Size;
            var blocks = Index.CeilingDivide(width, Vectors * Value.Lanes);
            tasks = kept.Take(kept.Count - 1).Aggregate(blocks, (product, axis) => axis.Size * product);
            AddKeptIndices(body, block, blocks, kept.Count - 1);
            body.Add(new DeclareIndex("column", (kept.Count == 1 ? block : block % blocks) * (Vectors * Value.Lanes)));
            AlongKept(body, width);
        }
        else
        {
            tasks = kept.Aggregate((Index)1, (product, axis) => axis.Size * product);
            AddKeptIndices(body, block, 1, kept.Count);
            AlongSummed(body);
        }

        var name = Names.Pascal(group.Stored[group.Stored.Count - 1].Name);
        return kernel.Build(name, Formulas.Of(group), [new Loop("task", "from", "to", 1, body)], [], new Range(tasks * PieceCount));
    }

    /// <summary>Works out, from the number of a task, its index along each kept axis.</summary>
    private void AddKeptIndices(List<Statement> body, Index task, Index inner, int count)
    {
        for (var depth = count - 1; depth >= 0; depth--)
        {
            var index = task / inner;
            body.Add(new DeclareIndex(KeptName(depth), depth == 0 ? index : index % kept[depth].Size));
            inner *= kept[depth].Size;
        }
    }

    private static string KeptName(int depth) => $"outer{depth}";

    private void AlongKept(List<Statement> body, Index width)
    {
        if (width.Literal is not { } columns) throw new NotSupportedException($"'{reduce.Name}' keeps the batch axis along its lanes.");
        if (columns % (Vectors * Value.Lanes) == 0 || columns < Vectors * Value.Lanes)
        {
            body.AddRange(Block(Math.Min(columns, Vectors * Value.Lanes)));
            return;
        }

        // The last block is narrower: full blocks first, then what is left, each a loop that runs at most once.
        var full = columns / (Vectors * Value.Lanes) * Vectors * Value.Lanes;
        body.Add(new Loop("block", "column", Index.Min(full, (Index)"column" + 1), 1, Block(Vectors * Value.Lanes)));
        body.Add(new Loop("block", Index.Max(full, "column"), Index.Min(columns, (Index)"column" + 1), 1, Block(columns - full)));
    }

    /// <summary>Some columns, summed over all rows of the piece.</summary>
    private List<Statement> Block(int columns)
    {
        var statements = new List<Statement>();
        var sums = new List<(Variable Sum, int Start, int Count)>();
        for (var start = 0; start < columns; start += Value.Lanes)
        {
            var count = Math.Min(Value.Lanes, columns - start);
            var name = kernel.Names.Unique("sum");
            statements.Add(new Declare(name, new Spread(new Number(0)), count, Mutable: true));
            sums.Add((new Variable(name, true), start, count));
        }

        var inner = new List<Statement>();
        foreach (var (sum, start, count) in sums)
        {
            var writer = new StageWriter(inner, kernel.Names);
            var column = (Index)"column" + start;
            var place = new StagePlace(operand => Load(operand, column, count, kept[kept.Count - 1].Axis), axis => IndexAlong(axis, column));
            var value = writer.Evaluate(reduce.Body, reduce.Operands, reduce.Name, place, count);
            inner.Add(Reductions.Accumulate(ReduceOp.Sum, sum, value, Value.Lanes) with { Lanes = count });
        }

        statements.Add(SumLoops(0, summed.Count, inner));
        foreach (var (sum, start, count) in sums) Finish(statements, sum, (Index)"column" + start, count);
        return statements;
    }

    /// <summary>Everything summed, lanes along the last axis.</summary>
    private void AlongSummed(List<Statement> body)
    {
        var sum = new Variable(kernel.Names.Unique("sumLanes"), true);
        body.Add(new Declare(sum.Name, new Spread(new Number(0)), Mutable: true));
        var last = summed[summed.Count - 1];
        var isPiece = summed.Count == 1 && pieces > 1;
        Index from = isPiece ? (Index)"piece" * PieceLength : 0;
        var to = isPiece ? Index.Min((Index)"piece" * PieceLength + PieceLength, last.Size) : last.Size;
        var whole = kernel.Names.Unique("whole");
        var inner = new List<Statement>
        {
            new DeclareIndex(whole, from + ((to - from) / Value.Lanes * Value.Lanes)),
            new Loop("i", from, whole, Value.Lanes, Terms(Value.Lanes)),
            new Loop("i", whole, to, Value.Lanes, Terms(to - "i")),
        };
        body.AddRange(summed.Count == 1 ? inner : [SumLoops(0, summed.Count - 1, inner)]);
        var total = new Variable(kernel.Names.Unique(reduce.Name), false);
        body.Add(new Declare(total.Name, new CombineLanes(ReduceOp.Sum, sum)));
        Finish(body, total, 0, 1);

        List<Statement> Terms(Index count)
        {
            var statements = new List<Statement>();
            var writer = new StageWriter(statements, kernel.Names);
            var place = new StagePlace(operand => Load(operand, "i", count, last.Axis), axis => IndexAlong(axis, "i"));
            var value = writer.Evaluate(reduce.Body, reduce.Operands, reduce.Name, place, Value.Lanes);
            statements.Add(Reductions.Accumulate(ReduceOp.Sum, sum, value, count) with { Lanes = Value.Lanes });
            return statements;
        }
    }

    private Loop SumLoops(int depth, int count, List<Statement> inner)
    {
        var isPiece = depth == 0 && pieces > 1;
        Index from = isPiece ? (Index)"piece" * PieceLength : 0;
        var to = isPiece ? Index.Min((Index)"piece" * PieceLength + PieceLength, summed[0].Size) : summed[depth].Size;
        return new Loop(SummedName(depth), from, to, 1, depth == count - 1 ? inner : [SumLoops(depth + 1, count, inner)]);
    }

    private string SummedName(int depth) => summed.Count == 1 || depth == summed.Count - 1 ? "row" : $"sample{depth}";

    /// <summary>Writes a piece, or finishes the sum: the group's stages and its results.</summary>
    private void Finish(List<Statement> statements, Variable sum, Index column, int count)
    {
        if (partial is not null)
        {
            var at = ((Index)"piece" * reduce.Shape.Length) + ResultOffset(column);
            statements.Add(sum.IsVector ? new StoreLanes(kernel.Write(partial), at, sum, count) : new StoreScalar(kernel.Write(partial), at, sum));
            return;
        }

        Stages(statements, sum, column, count);
    }

    private void Stages(List<Statement> statements, Variable sum, Index column, int count)
    {
        var writer = new StageWriter(statements, kernel.Names) { Known = { [reduce] = sum } };
        var place = new StagePlace(
            operand => LoadResult(operand, column, count), _ => throw new NotSupportedException("A stage behind a sum has no use for its index."));
        foreach (var map in group.Members.OfType<MapNode>()) writer.Compute(map, place, count);
        foreach (var node in group.Stored)
        {
            var buffer = kernel.Write(storages.Of(node));
            var value = writer.Known[node];
            statements.Add(sum.IsVector ? new StoreLanes(buffer, ResultOffset(column), value, count) : new StoreScalar(buffer, ResultOffset(column), value));
        }
    }

    /// <summary>The place of a column in a row-major result.</summary>
    private Index ResultOffset(Index column)
    {
        var strides = Strided.RowMajor(reduce.Shape).Strides;
        Index offset = isAlongKept ? column : 0;
        for (var depth = 0; depth < kept.Count - (isAlongKept ? 1 : 0); depth++)
        {
            var coordinate = reduce.Output.Coordinates.ToList().FindIndex(c => c.Axis == kept[depth].Axis);
            offset += (Index)KeptName(depth) * strides[coordinate];
        }

        return offset;
    }

    private Value LoadResult(Operand operand, Index column, int count)
    {
        var access = Access.Of(operand, reduce.Shape.Rank, storages.Of);
        if (access.Strides.All(stride => stride == 0)) return new LoadScalar(kernel.Read(access.Storage), access.Base, access.Storage.Type);
        if (!access.Strides.SequenceEqual(Strided.RowMajor(reduce.Shape).Strides)) throw new NotSupportedException($"'{operand.Node.Name}' lies otherwise than the sum.");
        return new LoadLanes(kernel.Read(access.Storage), ResultOffset(column) + access.Base, count);
    }

    private Value Load(Operand operand, Index position, Index count, int axis)
    {
        var access = Access.Of(operand, reduce.Domain.Rank, storages.Of);
        Index offset = access.Base;
        for (var depth = 0; depth < kept.Count; depth++)
        {
            if (kept[depth].Axis != axis) offset += (Index)KeptName(depth) * access.Strides[kept[depth].Axis];
        }

        for (var depth = 0; depth < summed.Count; depth++)
        {
            if (summed[depth].Axis != axis) offset += (Index)SummedName(depth) * access.Strides[summed[depth].Axis];
        }

        var buffer = kernel.Read(access.Storage);
        return access.Strides[axis] == 0
            ? new LoadScalar(buffer, offset, access.Storage.Type)
            : new LoadLanes(buffer, offset + (position * access.Strides[axis]), count, access.Strides[axis]);
    }

    private Value IndexAlong(int axis, Index position)
    {
        if (axis == reduce.Domain.Rank - 1) return new LaneIndex(position);
        var at = kept.FindIndex(loop => loop.Axis == axis);
        return new IndexNumber(at >= 0 ? KeptName(at) : SummedName(summed.FindIndex(loop => loop.Axis == axis)));
    }

    /// <summary>Adds the pieces in order and finishes the sum.</summary>
    private Launch Combine()
    {
        var combine = new SumSchedule(storages, group, this);
        return combine.BuildCombine(PieceCount);
    }

    private SumSchedule(StorageMap storages, Group group, SumSchedule main)
    {
        (this.storages, this.group, reduce, reads, result) = (storages, group, main.reduce, main.reads, main.result);
        (kept, summed, isAlongKept, pieces, source) = ([], [], true, 1, main.partial);
    }

    private readonly Storage? source;

    private Launch BuildCombine(Index count)
    {
        var floats = reduce.Shape.Length;
        var from = kernel.Read(source!);
        var body = new List<Statement>();
        Partition partition = new Range(Index.CeilingDivide(floats, Value.Lanes));
        if (floats == 1)
        {
            var sum = new Variable(kernel.Names.Unique("sum"), false);
            body.Add(new Declare(sum.Name, new LoadScalar(from, 0), Mutable: true));
            body.Add(new Loop("piece", 1, count, 1, [new Assign(sum.Name, new Operation(Scalars.ScalarOp.Add, [sum, new LoadScalar(from, "piece")]))]));
            Stages(body, sum, 0, 1);
        }
        else
        {
            var full = floats / Value.Lanes;
            if (full > 0) body.Add(new Loop("block", "task", Index.Min(full, (Index)"task" + 1), 1, Columns(Value.Lanes)));
            if (floats % Value.Lanes > 0) body.Add(new Loop("block", Index.Max(full, "task"), (Index)"task" + 1, 1, Columns(floats % Value.Lanes)));
        }

        var name = Names.Pascal(group.Stored[group.Stored.Count - 1].Name) + "Sum";
        return kernel.Build(name, [$"{result.Name} = the sum of its pieces, in order"], [new Loop("task", "from", "to", 1, body)], [], partition);

        List<Statement> Columns(int lanes)
        {
            var column = (Index)"block" * Value.Lanes;
            var sum = new Variable(kernel.Names.Unique("sum"), true);
            var statements = new List<Statement>
            {
                new Declare(sum.Name, new LoadLanes(from, column, lanes), lanes, Mutable: true),
                new Loop("piece", 1, count, 1,
                [
                    new Assign(sum.Name, new Operation(Scalars.ScalarOp.Add, [sum, new LoadLanes(from, ((Index)"piece" * floats) + column, lanes)]), lanes),
                ]),
            };
            Stages(statements, sum, column, lanes);
            return statements;
        }
    }

    private static bool IsRead(Operand operand) =>
        operand.Node is not (InverseBatchNode or RandomNode or MapNode { Operands.Count: 0, Body: Scalars.Constant });
}

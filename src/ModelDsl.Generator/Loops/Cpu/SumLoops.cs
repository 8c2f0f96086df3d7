using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>The loops of a sum: the kept and the summed axes, the number of partial sums, and the locations of operands inside the loops.</summary>
internal sealed class SumLoops
{
    /// <summary>The number of the partial sum that a task computes.</summary>
    public IndexVariable Partial { get; } = new("split");

    private readonly ReduceNode reduce;
    private readonly StorageMap storages;
    private readonly KernelBuilder kernel;
    private readonly IterationDomain iterations;
    private readonly int along;
    private readonly int[] resultStrides;
    private readonly List<LoopAxis> kept;
    private readonly List<IndexVariable> keptIndices;
    private readonly List<IndexVariable> summedIndices;
    private readonly SequencePositions? positions;

    public SumLoops(ReduceNode reduce, StorageMap storages, KernelBuilder kernel, int blockWidth, SequencePositions? positions)
    {
        (this.reduce, this.storages, this.kernel, this.positions) = (reduce, storages, kernel, positions);
        var inMemory = reduce.Operands.Where(operand => Aliases.IsInMemory(operand.Node)).ToArray();
        iterations = IterationDomain.Of(reduce.Name, reduce.Domain, reduce.Output, reduce.Shape, inMemory);
        var rank = iterations.Domain.Rank;
        along = reduce.Domain.Rank - 1;
        var accesses = inMemory.Select(operand => Access.Of(operand, rank, storages.Of)).ToArray();
        foreach (var access in accesses) kernel.Read(access.Storage);
        var isIndexed = ExprWalk.All(ReductionSteps.Term(reduce)).Any(expr => expr is AxisIndex);
        resultStrides = ResultStrides();
        IsAlongKept = iterations.Kept.Contains(along);
        var isInOrder = !IsAlongKept || (resultStrides[along] == 1 && !iterations.Positions.Contains(along));
        if (!IsAlongKept && !iterations.Summed.Contains(along)) throw new NotSupportedException($"'{reduce.Name}' has a window along its lanes.");
        if (!isInOrder) throw new NotSupportedException($"The result of '{reduce.Name}' does not lie along its lanes.");
        var keptAxes = iterations.Kept.OrderByDescending(axis => resultStrides[axis]).ToArray();
        kept = LoopAxes.Merge(
            iterations.Domain, keptAxes, [.. accesses.Select(access => access.Strides), resultStrides], MayMerge);
        var steps = accesses.Select(access => iterations.Steps(access.Strides)).ToArray();
        Summed = [.. LoopAxes.Merge(iterations.Domain, iterations.Summed, steps, axis => !isIndexed && !iterations.IsRange(axis)).Select(axis => iterations.IsRange(axis.Axis) ? axis with { Size = iterations.Size(axis.Axis) } : axis)];
        keptIndices = [.. kept.Select((_, depth) => new IndexVariable($"outer{depth}"))];
        summedIndices = [.. Summed.Select((_, depth) => new IndexVariable(depth == Summed.Count - 1 ? "row" : depth == 0 ? "sample" : $"inner{depth}"))];
        var ofPositions = positions?.AxisOf(reduce.Operands, reduce.Domain) ?? -1;
        var length = ofPositions >= 0 && iterations.Kept.Contains(ofPositions) ? (int)positions!.OfAll(reduce.Shape.Length) : reduce.Shape.Length;
        var tasks = IsAlongKept ? (length + blockWidth - 1) / blockWidth : length;
        // The lanes run along an axis of known length.
        bool MayMerge(int axis) => !isIndexed && !iterations.Positions.Contains(axis) && !(IsAlongKept && iterations.Domain[axis].IsBatch);
        var isLong = reduce.Op == ReduceOp.Sum && Summed.Count > 0 && iterations.Domain[Summed[0].Axes[0]].IsBatch;

        // A term costs a load and an addition.
        Partials = isLong ? SplitSums.Of(tasks, ofPositions < 0 ? 2 * Work.Elements(reduce.Domain) : positions!.OfAll(2 * Work.Elements(reduce.Domain))) : 1;
    }

    /// <summary>The loops over the summed axes.</summary>
    public IReadOnlyList<LoopAxis> Summed { get; }

    /// <summary>Whether the lanes run along an axis of the result.</summary>
    public bool IsAlongKept { get; }

    /// <summary>The number of partial sums, a literal of the kernel.</summary>
    public int Partials { get; }

    /// <summary>The number of partial sums that have terms at this batch size.</summary>
    public Index PartialCount => Partials == 1 ? 1 : Index.CeilingDivide(Summed[0].Size, PartialLength);

    /// <summary>The number of columns along the lanes.</summary>
    public int Width => kept[kept.Count - 1].Size.Literal
        ?? throw new NotSupportedException($"'{reduce.Name}' keeps the batch axis along its lanes.");

    private Index PartialLength => SequencePositions.PartialLength(Summed[0], Partials, positions);

    /// <summary>The kept axes that are not along the lanes.</summary>
    private int OuterCount => kept.Count - (IsAlongKept ? 1 : 0);

    /// <summary>Computes the index along each outer kept axis from the number of a task.</summary>
    /// <returns>The number of tasks.</returns>
    public Index DeclareKept(List<Statement> body, Index task, Index inner)
    {
        for (var depth = OuterCount - 1; depth >= 0; depth--)
        {
            var index = task / inner;
            body.Add(new DeclareIndex(keptIndices[depth], depth == 0 ? index : index % kept[depth].Size));
            inner = kept[depth].Size * inner;
        }

        iterations.Declare(body, axis => keptIndices[kept.FindIndex(loop => loop.Axis == axis)]);
        return inner;
    }

    /// <summary>The bounds of a summed loop. The outermost loop covers one partial sum.</summary>
    public (Index From, Index To) Bounds(int depth)
    {
        if (depth > 0 || Partials == 1) return (0, Summed[depth].Size);
        var from = Partial * PartialLength;
        return (from, Index.Min(from + PartialLength, Summed[0].Size));
    }

    /// <summary>Writes the first <paramref name="count"/> summed loops around statements.</summary>
    public Statement Around(List<Statement> inner, int count)
    {
        for (var depth = count - 1; depth >= 0; depth--)
        {
            var (from, to) = Bounds(depth);
            inner = [new Loop(summedIndices[depth], from, to, 1, inner)];
        }

        return inner.Count == 1 ? inner[0] : new Loop(new IndexVariable("once"), 0, 1, 1, inner);
    }

    /// <summary>The value of an operand at a position along the lanes.</summary>
    public Value Load(Operand operand, Index position, Index count)
    {
        var access = Access.Of(operand, iterations.Domain.Rank, storages.Of);
        var steps = iterations.Steps(access.Strides);
        var offset = iterations.Start(access.Strides) + access.Base;
        for (var depth = 0; depth < kept.Count; depth++)
        {
            if (kept[depth].Axis != along) offset += keptIndices[depth] * access.Strides[kept[depth].Axis];
        }

        for (var depth = 0; depth < Summed.Count; depth++)
        {
            if (Summed[depth].Axis != along) offset += summedIndices[depth] * steps[Summed[depth].Axis];
        }

        var buffer = kernel.Read(access.Storage);
        return steps[along] == 0
            ? new LoadScalar(buffer, offset)
            : new LoadLanes(buffer, offset + (position * steps[along]), count, steps[along]);
    }

    /// <summary>The index along an axis of the domain, as a value.</summary>
    public Value IndexAlong(int axis, Index position)
    {
        if (axis == along) return new LaneIndex(iterations.At(axis, _ => position));
        return new IndexNumber(iterations.At(axis, Iteration));

        Index Iteration(int of)
        {
            var at = kept.FindIndex(loop => loop.Axis == of);
            return at >= 0 ? keptIndices[at] : summedIndices[Summed.ToList().FindIndex(loop => loop.Axis == of)];
        }
    }

    /// <summary>The position of a column in the row-major result.</summary>
    public Index ResultPosition(Index column)
    {
        var position = IsAlongKept ? column : 0;
        for (var depth = 0; depth < OuterCount; depth++) position += keptIndices[depth] * resultStrides[kept[depth].Axis];
        return position;
    }

    /// <summary>The stride of each axis in the row-major result.</summary>
    private int[] ResultStrides()
    {
        var strides = Strided.RowMajor(reduce.Shape).Strides;
        var result = new int[iterations.Domain.Rank];
        for (var k = 0; k < iterations.Output.Rank; k++)
        {
            foreach (var term in iterations.Output[k].Terms) result[term.Axis] += term.Scale * strides[k];
        }

        return result;
    }

}

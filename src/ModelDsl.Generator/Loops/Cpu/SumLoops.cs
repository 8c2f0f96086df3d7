using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>The loops of a sum: which axes are kept and which are summed, in how many pieces, and where operands lie as seen from inside.</summary>
internal sealed class SumLoops
{
    /// <summary>The number of the piece a task works on.</summary>
    public const string Piece = "piece";

    private readonly ReduceNode reduce;
    private readonly StorageMap storages;
    private readonly KernelBuilder kernel;
    private readonly List<LoopAxis> kept;

    public SumLoops(ReduceNode reduce, StorageMap storages, KernelBuilder kernel, int blockWidth)
    {
        (this.reduce, this.storages, this.kernel) = (reduce, storages, kernel);
        if (reduce.Op != ReduceOp.Sum || reduce.Output.Coordinates.Any(coordinate => coordinate.Axis < 0))
        {
            throw new NotSupportedException($"The reduction '{reduce.Name}' has windows that need a schedule of their own.");
        }

        var rank = reduce.Domain.Rank;
        var accesses = reduce.Operands.Where(operand => Aliases.IsInMemory(operand.Node)).Select(operand => Access.Of(operand, rank, storages.Of)).ToArray();
        foreach (var access in accesses) kernel.Read(access.Storage);
        var strides = accesses.Select(access => access.Strides).ToArray();
        var isIndexed = ExprWalk.All(reduce.Body).Any(expr => expr is AxisIndex);
        var keptAxes = reduce.Output.Coordinates.Select(coordinate => coordinate.Axis).OrderBy(axis => axis).ToArray();
        kept = LoopAxes.Merge(reduce.Domain, keptAxes, strides, _ => !isIndexed);
        Summed = LoopAxes.Merge(reduce.Domain, Enumerable.Range(0, rank).Except(keptAxes), strides, _ => !isIndexed);
        IsAlongKept = keptAxes.Contains(rank - 1);
        var tasks = IsAlongKept ? (reduce.Shape.Length + blockWidth - 1) / blockWidth : reduce.Shape.Length;
        Pieces = Summed.Count > 0 && reduce.Domain[Summed[0].Axes[0]].IsBatch ? SumPieces.Of(tasks, reduce.Domain.Length) : 1;
    }

    /// <summary>The loops over what is summed.</summary>
    public IReadOnlyList<LoopAxis> Summed { get; }

    /// <summary>Whether the lanes run along an axis of the result.</summary>
    public bool IsAlongKept { get; }

    /// <summary>Into how many pieces the sum is split: a literal of the kernel.</summary>
    public int Pieces { get; }

    /// <summary>Pieces that have terms at this batch size.</summary>
    public Index PieceCount => Pieces == 1 ? 1 : Index.CeilingDivide(Summed[0].Size, PieceLength);

    /// <summary>Columns along the lanes.</summary>
    public int Width => kept[kept.Count - 1].Size.Literal
        ?? throw new NotSupportedException($"'{reduce.Name}' keeps the batch axis along its lanes.");

    private Index PieceLength => Index.CeilingDivide(Summed[0].Size, Pieces);

    /// <summary>The kept axes that are not along the lanes.</summary>
    private int OuterCount => kept.Count - (IsAlongKept ? 1 : 0);

    /// <summary>Works out, from the number of a task, its index along each outer kept axis.</summary>
    /// <returns>The number of tasks.</returns>
    public Index DeclareKept(List<Statement> body, Index task, Index inner)
    {
        for (var depth = OuterCount - 1; depth >= 0; depth--)
        {
            var index = task / inner;
            body.Add(new DeclareIndex(KeptName(depth), depth == 0 ? index : index % kept[depth].Size));
            inner = kept[depth].Size * inner;
        }

        return inner;
    }

    /// <summary>Where a summed loop starts and ends: the outermost covers one piece.</summary>
    public (Index From, Index To) Bounds(int depth)
    {
        if (depth > 0 || Pieces == 1) return (0, Summed[depth].Size);
        var from = (Index)Piece * PieceLength;
        return (from, Index.Min(from + PieceLength, Summed[0].Size));
    }

    /// <summary>The first <paramref name="count"/> summed loops around statements.</summary>
    public Statement Around(List<Statement> inner, int count)
    {
        for (var depth = count - 1; depth >= 0; depth--)
        {
            var (from, to) = Bounds(depth);
            inner = [new Loop(SummedName(depth), from, to, 1, inner)];
        }

        return inner.Count == 1 ? inner[0] : new Loop("once", 0, 1, 1, inner);
    }

    /// <summary>The value of an operand at a position along the lanes.</summary>
    public Value Load(Operand operand, Index position, Index count)
    {
        var along = reduce.Domain.Rank - 1;
        var access = Access.Of(operand, reduce.Domain.Rank, storages.Of);
        Index offset = access.Base;
        for (var depth = 0; depth < kept.Count; depth++)
        {
            if (kept[depth].Axis != along) offset += (Index)KeptName(depth) * access.Strides[kept[depth].Axis];
        }

        for (var depth = 0; depth < Summed.Count; depth++)
        {
            if (Summed[depth].Axis != along) offset += (Index)SummedName(depth) * access.Strides[Summed[depth].Axis];
        }

        var buffer = kernel.Read(access.Storage);
        return access.Strides[along] == 0
            ? new LoadScalar(buffer, offset, access.Storage.Type)
            : new LoadLanes(buffer, offset + (position * access.Strides[along]), count, access.Strides[along]);
    }

    /// <summary>The index along an axis of the domain, as a value.</summary>
    public Value IndexAlong(int axis, Index position)
    {
        if (axis == reduce.Domain.Rank - 1) return new LaneIndex(position);
        var at = kept.FindIndex(loop => loop.Axis == axis);
        return new IndexNumber(at >= 0 ? KeptName(at) : SummedName(Summed.ToList().FindIndex(loop => loop.Axis == axis)));
    }

    /// <summary>The place of a column in the row-major result.</summary>
    public Index ResultPosition(Index column)
    {
        var strides = Strided.RowMajor(reduce.Shape).Strides;
        var position = IsAlongKept ? column : 0;
        for (var depth = 0; depth < OuterCount; depth++)
        {
            var coordinate = reduce.Output.Coordinates.ToList().FindIndex(c => c.Axis == kept[depth].Axis);
            position += (Index)KeptName(depth) * strides[coordinate];
        }

        return position;
    }

    private static string KeptName(int depth) => $"outer{depth}";

    private string SummedName(int depth) => depth == Summed.Count - 1 ? "row" : depth == 0 ? "sample" : $"inner{depth}";
}

using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>The product of a contraction as a matrix of rows and columns for each outer index, and its division into blocks and partial sums.</summary>
internal sealed class ContractShape
{
    /// <summary>An upper bound of the batch size. No tile is written for larger batches.</summary>
    private const int LargestBatch = 1 << 16;

    /// <summary>The batch size that is assumed when the number of partial sums must not depend on the batch size: one block of rows.</summary>
    private const int UsualBatch = 64;

    /// <summary>The greatest number of columns of a product whose long sums are split. With more columns there are enough blocks, and partial sums cost more than they save.</summary>
    private const int MostSplitColumns = 128;

    /// <summary>The least number of terms of a partial sum. With this many, the cost of writing and reading the partial result is small.</summary>
    private const int LeastTerms = 1024;

    /// <summary>The greatest number of operations after a sum for a wide tile. A wide tile has a copy of the operations for each of its sums.</summary>
    private const int MostFinishing = 40;

    /// <summary>The cost of drawing a random number, in operations.</summary>
    private const int Drawing = 40;

    private readonly Group group;

    public ContractShape(Group group, ContractRoles roles, Func<Node, Storage> storageOf)
    {
        this.group = group;
        var (iterations, domain) = (roles.IterationDomain, roles.Domain);
        Roles = roles;
        A = ElementAccess.Of(roles.A, domain.Rank, storageOf);
        B = ElementAccess.Of(roles.B, domain.Rank, storageOf);
        var stages = group.Members.Skip(1).SelectMany(member => member.Operands).Where(operand => Operands.IsRead(operand, group));
        var results = stages.Concat(group.Stored.Select(Operand.Whole))
            .Select(operand => ElementAccess.Of(new Operand(operand.Node, operand.Map.After(iterations.Output)), domain.Rank, storageOf));
        ElementAccess[] all = [A, B, .. results];
        var isIndexed = Operands.AsksForIndex(group.Members);
        bool IsSeparate(int axis) => isIndexed || iterations.IsInWindow(axis);
        Rows = new Flattening(domain, roles.Rows, all, IsSeparate);
        Columns = new Flattening(domain, [roles.Column], all, IsSeparate);
        Outer = new Flattening(domain, roles.Outer, all, IsSeparate);
        Summed = new Flattening(domain, roles.Summed, [A, B], iterations.IsInWindow);
        Tile = ThreadTile.Of(Rows.Size, Columns.Size);
        Partials = PartialsOf(domain);
    }

    public ContractRoles Roles { get; }

    public ElementAccess A { get; }

    public ElementAccess B { get; }

    public Flattening Rows { get; }

    public Flattening Columns { get; }

    /// <summary>The axes of the result that both operands, or only the operand with the columns, have. There is one product for each index.</summary>
    public Flattening Outer { get; }

    public Flattening Summed { get; }

    public BlockTile Tile { get; private set; }

    /// <summary>Whether a thread finishes the sums of four adjacent columns at once. All four columns exist, or none.</summary>
    public bool IsInQuads => Tile.AdjacentColumns % BlockTile.QuadSize == 0 && Columns.Size.DividedBy(BlockTile.QuadSize) is not null
        && Roles.IterationDomain.Output.Coordinates.SelectMany(coordinate => coordinate.Terms).All(term => term.Axis != Roles.Column || term.Scale == 1);

    /// <summary>The number of partial sums, a literal of the kernel.</summary>
    public int Partials { get; }

    public Index RowBlocks => Index.CeilingDivide(Rows.Size, Tile.BlockRows);

    public Index ColumnBlocks => Index.CeilingDivide(Columns.Size, Tile.BlockColumns);

    public Index Groups => Outer.Size * RowBlocks * ColumnBlocks * Partials;

    /// <summary>
    /// The same product in wide blocks, and the batch size from which they keep a device busy; null if they never do. Each result adds its terms in the same order in both, so
    /// the bits do not depend on which of them runs.
    /// </summary>
    public (ContractShape Shape, int From)? Wide()
    {
        if ((Partials == 1 && Finishing() > MostFinishing) || Tile.Widen(Rows.Size, Columns.Size) is not { } tile) return null;
        var wide = With(tile);
        for (var batch = 1; batch <= LargestBatch; batch *= 2)
        {
            if (wide.Groups.With(KernelBuilder.BatchSize, batch).Literal >= SplitSums.WantedGroups) return (wide, batch);
        }

        return null;
    }

    /// <summary>The same product on tensor cores, with the same partial sums; null if a side is too short.</summary>
    public ContractShape? OnTensorCores() => WarpTile.Of(Rows.Size, Columns.Size) is { } tile ? With(tile) : null;

    private ContractShape With(BlockTile tile)
    {
        var other = (ContractShape)MemberwiseClone();
        other.Tile = tile;
        return other;
    }

    private int Finishing() =>
        group.Members.OfType<MapNode>().Sum(map => Work.Cost(map.Body) + (Drawing * map.Operands.Count(operand => operand.Node is RandomNode)));

    /// <summary>
    /// The number of partial sums. Sums over the batch are split if their results fill few groups; long sums of each sample are split if the product has few columns. The number
    /// depends on the model only. If it depended on the batch size, the bits of a sample would too.
    /// </summary>
    private int PartialsOf(Shape domain)
    {
        if (Roles.Summed.Count == 0) return 1;
        var blocks = Outer.Size * RowBlocks * ColumnBlocks;
        if (domain[Roles.Summed[0]].IsBatch) return group.Members.Count == 1 && blocks.Literal is { } all ? SplitSums.For(all) : 1;
        if (!group.Anchor.Shape.HasBatch || Columns.Size.Literal is not <= MostSplitColumns || Summed.Size.Literal is not { } terms) return 1;
        return blocks.With(KernelBuilder.BatchSize, UsualBatch).Literal is { } usual ? Math.Max(1, Math.Min(SplitSums.For(usual), terms / LeastTerms)) : 1;
    }
}

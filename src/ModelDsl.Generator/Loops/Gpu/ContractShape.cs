using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>How a contraction is divided: a block of the result per group of threads, a 4 × 4 tile of it per thread, the sum in slices and pieces.</summary>
internal sealed class ContractShape
{
    /// <summary>Rows and columns of a thread's tile: as many sums as it keeps in registers.</summary>
    public const int Tile = 4;

    /// <summary>Terms of the sum that stand in shared memory at a time.</summary>
    public const int Slice = 16;

    private const int LargestBlock = 64;
    private const int SmallestBlock = 16;

    public ContractShape(Group group, ContractRoles roles, Func<Node, Storage> storageOf)
    {
        var contract = roles.Contract;
        var (nest, domain) = (roles.Nest, roles.Domain);
        Roles = roles;
        A = ElementAccess.Of(roles.A, domain.Rank, storageOf);
        B = ElementAccess.Of(roles.B, domain.Rank, storageOf);
        var stages = group.Members.Skip(1).SelectMany(member => member.Operands).Where(operand => Operands.IsRead(operand, group));
        var results = stages.Concat(group.Stored.Select(Operand.Whole))
            .Select(operand => ElementAccess.Of(new Operand(operand.Node, operand.Map.After(nest.Output)), domain.Rank, storageOf));
        ElementAccess[] all = [A, B, .. results];
        var isIndexed = Operands.AsksForIndex(group.Members);
        bool IsApart(int axis) => isIndexed || nest.IsInWindow(axis);
        Rows = new Flattening(domain, roles.Rows, all, IsApart);
        Outer = new Flattening(domain, roles.Outer, all, IsApart);
        Summed = new Flattening(domain, roles.Summed, [A, B], nest.IsInWindow);
        Columns = KernelBuilder.Size(domain[roles.Column]);
        BlockRows = Block(Rows.Size);
        BlockColumns = Block(Columns);
        Pieces = PiecesOf(group, domain);
    }

    public ContractRoles Roles { get; }

    public ElementAccess A { get; }

    public ElementAccess B { get; }

    public Flattening Rows { get; }

    /// <summary>Axes of the result that both operands or the columns' operand have: a product of its own for each index.</summary>
    public Flattening Outer { get; }

    public Flattening Summed { get; }

    public Index Columns { get; }

    public int BlockRows { get; }

    public int BlockColumns { get; }

    /// <summary>Into how many pieces the sum is split: a literal of the kernel.</summary>
    public int Pieces { get; }

    /// <summary>Threads of a group: one per tile.</summary>
    public int Threads => BlockRows * BlockColumns / (Tile * Tile);

    public Index RowBlocks => Index.CeilingDivide(Rows.Size, BlockRows);

    public Index ColumnBlocks => Index.CeilingDivide(Columns, BlockColumns);

    public Index Groups => Outer.Size * RowBlocks * ColumnBlocks * Pieces;

    /// <summary>A short side takes a small block; a side whose length is known only at run time a large one.</summary>
    private static int Block(Index size)
    {
        var block = LargestBlock;
        while (size.Literal is { } length && block > SmallestBlock && block / 2 >= length) block /= 2;
        return block;
    }

    private int PiecesOf(Group group, Shape domain)
    {
        var isOverBatch = Roles.Summed.Count > 0 && domain[Roles.Summed[0]].IsBatch && group.Members.Count == 1;
        return isOverBatch && (Outer.Size * RowBlocks * ColumnBlocks).Literal is { } blocks ? SumPieces.For(blocks) : 1;
    }
}

using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A chained group as one kernel. A task is a matrix, or a block of its rows. It calls the kernels of the block's groups in sequence, on matrices in the worker's own memory. A
/// sum over rows continues from block to block, in the order of the rows. If the group has such sums, a task therefore computes all blocks of a matrix, and of all matrices that
/// share a sum.
/// </summary>
internal sealed class ChainSchedule
{
    /// <summary>The number of floats of a block of a matrix. Together with the other values that the block needs it fits into the level-2 cache.</summary>
    private const int BlockFloats = 48 * 1024;

    /// <summary>Excluded columns are not skipped if a matrix has at most this many columns.</summary>
    private const int SmallestBand = 64;

    /// <summary>The least number of blocks of a matrix whose rows exclude later columns. With fewer blocks, fewer columns could be skipped.</summary>
    private const int LeastBlocks = 4;

    private readonly CpuTarget target;
    private readonly StorageMap storages;
    private readonly Group group;
    private readonly Chain chain;
    private readonly ChainBlock block;
    private readonly int blockRows;
    private readonly string name;
    private readonly KernelBuilder kernel = new("matrix", "firstRow", "firstDraw", "rows", "columns", "firstColumn", "position");
    private readonly ChainCalls calls;
    private readonly IndexVariable matrix = new("matrix");
    private readonly IndexVariable number = new("block");
    private readonly IndexVariable rows = new("rows");
    private readonly IReadOnlyList<IndexVariable> lead;
    private readonly ContractNode[] sums;
    private readonly ChainBand? band;
    private readonly ChainColumns columns;

    private ChainSchedule(CpuTarget target, StorageMap storages, Group group)
    {
        (this.target, this.storages, this.group, chain) = (target, storages, group, group.Chain!);
        name = Names.Method(group.Name);
        band = chain.Columns > SmallestBand ? ChainBand.Of(chain) : null;
        blockRows = RowsOfBlock();
        if (band is { Positions: null } && chain.Rows <= blockRows) band = null;
        columns = new ChainColumns(chain, band, blockRows);
        block = new ChainBlock(group, storages, blockRows, columns.Width, target.Limits.Groups);
        lead = [.. chain.Lead.Select(axis => new IndexVariable(chain.Matrix[axis].IsBatch ? "sample" : $"outer{axis}"))];
        sums = [.. chain.Members.OfType<ContractNode>().Where(member => !chain.Matrices.Contains(member))];
        calls = new ChainCalls(kernel, block, lead, name);
    }

    /// <summary>The kernel of a chained group.</summary>
    /// <param name="target">The register width.</param>
    /// <param name="storages">The buffers of the values.</param>
    /// <param name="group">The group.</param>
    public static Launch Build(CpuTarget target, StorageMap storages, Group group) => new ChainSchedule(target, storages, group).Build();

    /// <summary>The number of rows of a block. It divides the number of rows of the matrix if possible.</summary>
    private int RowsOfBlock()
    {
        var known = band is { Positions: null } ? band : null;
        var span = known is null ? chain.Columns : known.Most - known.Least;
        var most = Math.Max(4, Enumerable.Range(1, target.BlockRows).LastOrDefault(rows => rows * Math.Min(chain.Columns, rows + span) <= BlockFloats));

        // With a window, each row of a block adds a column to those of all its rows.
        if (known is not null) most = Math.Min(most, known.Most < chain.Rows - 1 ? Panels.Width : Math.Max(Panels.Width, chain.Rows / LeastBlocks));
        if (chain.Rows <= most) return chain.Rows;
        var divisor = Enumerable.Range(1, most).Last(rows => chain.Rows % rows == 0);
        return 2 * divisor >= most ? divisor : most / 4 * 4;
    }

    private int Blocks => (chain.Rows + blockRows - 1) / blockRows;

    private bool HasFewerRows => chain.Rows % blockRows != 0;

    /// <summary>Whether blocks have the rows of full tiles, unlike those of single positions. The narrowest registers do not load ahead, because their products take longer than the operands need.</summary>
    private bool LoadsAhead => target.Bits > CpuTarget.Portable.Bits && blockRows >= CpuTarget.Avx512.TileRows && band is not { Positions: not null };

    /// <summary>Whether a sum continues from block to block, or from matrix to matrix.</summary>
    private bool GoesOn(ContractNode sum) => SumsRows(sum) || chain.LeadOf(sum).Count < chain.RowAxis;

    private bool SumsRows(ContractNode sum) => ChainForm.SumsRows(sum, chain.OperandOf(sum));

    private Launch Build()
    {
        // One task computes all matrices that share a sum.
        int[] kept = [.. sums.Select(chain.LeadOf).Aggregate((IEnumerable<int>)chain.Lead, (all, own) => all.Intersect(own))];
        int[] within = [.. chain.Lead.Except(kept)];
        var launches = block.Groups.SelectMany(inner => Schedule(inner).Select(launch => (Launch: launch, Group: inner))).ToArray();
        var cleared = sums.Where(GoesOn).Select(sum => (Sum: sum, Launch: Cleared(sum))).ToArray();
        foreach (var storage in launches.SelectMany(step => step.Launch.Buffers)) block.ViewOf(storage);
        calls.Own = storages.Scratch(group.Anchor, "Block", Space.Worker, new Strided([1]), Math.Max(1, block.OwnFloats));

        // Kernels whose results depend on the whole matrix, such as the transposition of an operand, run once for all blocks.
        var (ofMatrix, ofBlock) = (new List<Statement>(), new List<Statement>());
        foreach (var (launch, inner) in launches)
        {
            var made = block.Storages.IsStored(inner.Stored[0]) ? block.Storages.Of(inner.Stored[0]) : null;
            var isOfMatrix = !launch.Buffers.Contains(made) && launch.Buffers.Zip(launch.Kernel.Main.Buffers, (storage, parameter) => parameter.Written || block.IsOfMatrix(storage)).All(fits => fits);
            (isOfMatrix ? ofMatrix : ofBlock).Add(calls.Of(launch, Arguments(launch, inner), isOfBlock: !isOfMatrix));
        }

        var together = within.Aggregate(1, (product, axis) => product * chain.Matrix[axis].Value);
        var loads = new ChainPrefetch(kernel, LoadsAhead ? block.Operands : [], Blocks, blockRows, BlockFloats / together);
        List<Statement> body =
        [
            new DeclareIndex(ChainStep.FirstRow, number * blockRows),
            new DeclareIndex(rows, HasFewerRows ? Index.Min(blockRows, (Index)chain.Rows - ChainStep.FirstRow) : blockRows),
            .. columns.Differ ? [new DeclareIndex(ChainStep.FirstColumn, columns.First(ChainStep.FirstRow))] : Array.Empty<Statement>(),
            .. DeclaredColumns(),
            .. loads.Before(ofBlock, number),
        ];
        var areTasksBlocks = !sums.Any(GoesOn);
        var (first, last) = areTasksBlocks ? (Index.Max(0, Range.From - (matrix * Blocks)), Index.Min(Blocks, Range.To - (matrix * Blocks))) : ((Index)0, (Index)Blocks);
        body = [.. ofMatrix, .. loads.Offsets(Next(kept)), new Loop(number, first, last, 1, body)];
        var firstDraw = chain.Lead.Aggregate((Index)0, (draw, axis) => (draw * KernelBuilder.Size(chain.Matrix[axis])) + lead[axis]) * chain.Rows;
        if (block.IsRandom) body.Insert(0, new DeclareIndex(ChainStep.FirstDraw, firstDraw));
        body.InsertRange(0, cleared.Where(clear => chain.LeadOf(clear.Sum).Count == chain.RowAxis).Select(clear => calls.Of(clear.Launch, ArgumentsOfWhole(clear.Launch), isOfBlock: false)));
        foreach (var axis in Enumerable.Reverse(within)) body = [new Loop(lead[axis], 0, chain.Matrix[axis].Value, 1, body)];
        body.InsertRange(0, cleared.Where(clear => chain.LeadOf(clear.Sum).Count < chain.RowAxis).Select(clear => calls.Of(clear.Launch, ArgumentsOfWhole(clear.Launch), isOfBlock: false)));
        body.InsertRange(0, Decode(kept));
        var matrices = kept.Aggregate((Index)1, (product, axis) => product * KernelBuilder.Size(chain.Matrix[axis]));
        var main = areTasksBlocks
            ? new Loop(matrix, Range.From / Blocks, Index.CeilingDivide(Range.To, Blocks), 1, body)
            : new Loop(matrix, Range.From, Range.To, 1, body);
        return kernel.Build(name, Formulas.Of(group), [main], calls.Functions, new Range(areTasksBlocks ? matrices * Blocks : matrices)) with { LeftOutFlops = LeftOutFlops() };
    }

    /// <summary>The first column of a block.</summary>
    private Index Before => columns.Differ ? ChainStep.FirstColumn : 0;

    /// <summary>Declares the number of columns that a block computes.</summary>
    private IReadOnlyList<Statement> DeclaredColumns()
    {
        var last = ChainStep.FirstRow + rows - 1;
        if (band?.Positions is not { } positions) return [new DeclareIndex(ChainStep.Columns, columns.Count(last, Before))];

        // No row of the block has a later position than the last.
        var access = Access.Of(positions, chain.Matrix.Rank, storages.Of);
        var position = new IndexVariable("position");
        var offset = chain.Lead.Aggregate(access.Base + (last * access.Strides[chain.RowAxis]), (sum, axis) => sum + (lead[axis] * access.Strides[axis]));
        return [new LoadIndex(position, kernel.Read(access.Storage), offset), new DeclareIndex(ChainStep.Columns, columns.Count(position, Before))];
    }

    /// <summary>The operations on elements that no block computes, whatever the positions of rows are.</summary>
    private long LeftOutFlops()
    {
        if (band is not { Positions: null }) return 0;

        // Members that are neither matrices nor made of their elements are values of rows.
        var all = chain.Members.Where(member => chain.Matrices.Contains(member) || member.Operands.Any(operand => chain.Matrices.Contains(operand.Node))).Sum(member => member.Flops);
        var elements = chain.Rows * (long)chain.Columns;
        return (long)((double)all / elements * (elements - columns.Elements));
    }

    /// <summary>Computes the index along each axis that numbers matrices from the number of the matrix.</summary>
    private Statement[] Decode(int[] kept)
    {
        var indices = Indices(matrix, kept);
        return [.. Enumerable.Range(0, kept.Length).Reverse().Select(i => new DeclareIndex(lead[kept[i]], indices[i]))];
    }

    /// <summary>The index of the next matrix along each axis that numbers matrices. A task of several matrices is followed by a task of other ones.</summary>
    private Index[] Next(int[] kept)
    {
        var indices = Indices(matrix + 1, kept);
        return [.. lead.Select((index, axis) => Array.IndexOf(kept, axis) is >= 0 and var i ? indices[i] : index)];
    }

    /// <summary>The indices along some axes, from the number of a matrix in row-major order.</summary>
    private Index[] Indices(Index number, int[] axes)
    {
        var indices = new Index[axes.Length];
        for (var i = axes.Length - 1; i >= 0; i--)
        {
            indices[i] = i == 0 ? number : number % KernelBuilder.Size(chain.Matrix[axes[i]]);
            number /= KernelBuilder.Size(chain.Matrix[axes[i]]);
        }

        return indices;
    }

    private IReadOnlyList<Launch> Schedule(Group inner)
    {
        if (inner.Kind == GroupKind.Row) return [RowSchedule.Build(block.Storages, inner, new ChainStep { Width = !IsOfRows(inner) ? ContractPlan.Count : band is null ? null : ChainStep.Columns, HasWholeVectors = IsOfRows(inner) && chain.Columns % Value.Lanes == 0, Before = Before })];
        var sum = SumOf(inner);
        return ContractSchedule.Build(target, block.Storages, inner, new ChainStep
        {
            IsCounted = sum is not null && (SumsRows(sum) ? HasFewerRows : band is not null),
            Accumulates = sum is not null && GoesOn(sum),
            HasFewerRows = sum is not null && SumsRows(sum) ? band is not null : HasFewerRows,
            RowDivisor = sum is not null && SumsRows(sum) ? columns.Divisor : 1,
            Before = Before,
        });
    }

    /// <summary>Whether the rows of a group are the rows of matrices. Otherwise it computes one value for each row.</summary>
    private static bool IsOfRows(Group inner) => Fuser.Space(inner) is { Rows.Rank: 1 };

    /// <summary>The sum that a group of the block computes; null if the group computes a matrix.</summary>
    private ContractNode? SumOf(Group inner) => sums.FirstOrDefault(sum => block.Inner(sum) == inner.Anchor);

    /// <summary>The kernel that sets a sum to zero before its first block.</summary>
    private Launch Cleared(ContractNode sum)
    {
        var result = block.Inner(sum);
        int[] lead = [.. chain.Lead.Select(axis => sum.Operands[chain.OperandOf(sum)].Map[axis].Axis)];
        var shape = Shape.Of([.. sum.Output.Coordinates.Select(coordinate => coordinate.Axis).Where(axis => !lead.Contains(axis)).Select(axis => sum.Domain[axis])]);
        var zeros = new MapNode(sum.Name + "Zero", shape, Scalars.Expressions.Zero);
        return RowSchedule.Build(block.Storages.With(zeros, block.Storages.Of(result)), new Group(GroupKind.Row, 0, zeros) { Stored = [zeros] }, new ChainStep());
    }

    /// <summary>The arguments of a kernel of the block.</summary>
    private Func<IndexVariable, Index> Arguments(Launch launch, Group inner)
    {
        var isMain = launch.Buffers.Contains(block.Storages.Of(inner.Stored[0]));
        if (!isMain) return ArgumentsOfWhole(launch);
        var sum = SumOf(inner);
        var whole = ArgumentsOfWhole(launch);
        return integer => integer == ContractPlan.Count ? sum is null || SumsRows(sum) ? rows : ChainStep.Columns
            : integer == Range.To && IsOfRows(inner) ? rows
            : integer == Grid.RowTo ? sum is not null && SumsRows(sum) ? ChainStep.Columns : rows
            : integer == Grid.PanelTo && sum is null && inner.Kind == GroupKind.Contract ? Index.CeilingDivide(ChainStep.Columns, Panels.Width)
            : whole(integer);
    }

    /// <summary>The arguments of a kernel that does all its work in one call.</summary>
    private static Func<IndexVariable, Index> ArgumentsOfWhole(Launch launch) => integer => launch.Kernel.Partition switch
    {
        _ when integer == Range.From || integer == Grid.RowFrom || integer == Grid.PanelFrom => 0,
        Range range when integer == Range.To => range.Count,
        Grid grid when integer == Grid.RowTo => grid.Rows,
        Grid grid when integer == Grid.PanelTo => grid.Panels,
        _ => integer,
    };
}

using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A contraction group as kernels: register tiles over rows and panels of 32 columns. An operand that is not contiguous along the lanes is first copied into panels. A sum over
/// the batch with a small result is split into a fixed number of partial sums that are added in order.
/// </summary>
internal sealed partial class ContractSchedule
{
    /// <summary>The names that its statements use. Kernels have few loops around tiles and few windows.</summary>
    private static readonly string[] Reserved =
    [
        "split", "position", "block", "blockFrom", "term", "blockTo", "firstPanel", "lastPanel", "panelBlock", "panelBlockEnd", "length", ContractPlan.Count.Name, ContractPlan.Earlier.Name,
        .. Enumerable.Range(0, 16).SelectMany(axis => new[] { $"blockStart{axis}", $"outer{axis}", $"first{axis}", $"taps{axis}", $"lowest{axis}" }),
    ];

    private readonly CpuTarget target;
    private readonly ChainStep? step;
    private readonly SequencePositions? positions;
    private readonly StorageMap storages;
    private readonly Group group;
    private readonly ContractRoles roles;
    private readonly TileWindow? window;
    private readonly PositionRange? positionRange;
    private readonly KernelBuilder kernel = new(Reserved);
    private readonly List<Function> functions = [];
    private readonly string name;
    private readonly IndexVariable partial = new("split");
    private readonly IndexVariable offset = new("position");
    private readonly IndexVariable length = new("length");
    private readonly IndexVariable block = new("block");
    private readonly IndexVariable blockFrom = new("blockFrom");
    private readonly IndexVariable blockTo = new("blockTo");
    private readonly IndexVariable panel = new("panel");
    private ContractPlan plan = null!;
    private PackedOperands? packed;
    private Index panelFrom = Grid.PanelFrom;
    private Index panelTo = Grid.PanelTo;
    private IReadOnlyList<IndexVariable> blockStarts = [];
    private int partials = 1;
    private int resultFloats;

    private ContractSchedule(CpuTarget target, StorageMap storages, Group group, ChainStep? step, SequencePositions? positions)
    {
        this.step = step;
        this.positions = positions;
        this.target = target;
        this.storages = storages;
        this.group = group;
        window = TileWindow.Of(group);
        var layout = storages.Of(group.Stored[0]).Layout;
        roles = ContractRoles.Of(window?.Loops ?? ContractLoops.Of((ContractNode)group.Anchor), layout);
        positionRange = window is null ? PositionRange.Of(target, roles) : null;
        if (positionRange is not null) roles = ContractRoles.Of(positionRange.Loops, layout, positionRange.Axis);
        name = Names.Method(group.Name);
    }

    /// <summary>The kernels of a group.</summary>
    /// <param name="target">The register width.</param>
    /// <param name="storages">The buffers of the values.</param>
    /// <param name="group">The group.</param>
    /// <param name="step">The step of a chained group that it computes; null for a group that is computed as a whole.</param>
    /// <param name="positions">The positions of a model with buckets; null for other models.</param>
    public static IReadOnlyList<Launch> Build(CpuTarget target, StorageMap storages, Group group, ChainStep? step = null, SequencePositions? positions = null)
    {
        var schedule = new ContractSchedule(target, storages, group, step, positions);
        return schedule.Build();
    }

    private List<Launch> Build()
    {
        var launches = new List<Launch>();
        var a = AccessOf(roles.A);
        var b = AccessOf(roles.B);
        if (a.Storage.Layout is Panels across && roles.A.Map[across.ColumnAxis].Terms.Any(term => term.Scale == 1 && term.Axis != roles.Column)) throw new NotSupportedException($"'{roles.A.Node.Name}' is read across panels.");
        if (PackSchedule.Applies(roles, storages, b))
        {
            var (copy, packed) = PackSchedule.Build(roles, storages, b);
            launches.Add(copy);
            b = packed;
        }

        if (step is null or { IsShared: true } && window is null && positionRange is null) packed = PackedOperands.Of(target, storages, group, roles, a, b, isBlock: step is not null);
        partials = SplitSums.Of(roles, group, positions);
        var result = storages.Of(group.Stored[0]);

        // The padding after the elements of a row-major value is never written.
        resultFloats = result.Layout is Panels ? result.Length : group.Anchor.Shape.Length;
        var partialSums = partials > 1
            ? storages.Scratch(group.Anchor, "Partials", Space.Fixed, result.Layout, partials * resultFloats) : null;
        plan = new ContractPlan(target, group, window, positionRange, roles, packed?.A ?? a, packed?.B ?? b, packed, partials > 1, node => partialSums is not null && node == group.Stored[0] ? partialSums : storages.Of(node), step);
        blockStarts = [.. Enumerable.Range(0, plan.Blocks is { } blocks ? blocks.Depth + 1 : 0).Select(depth => new IndexVariable($"blockStart{depth}"))];
        var main = BuildMain();
        launches.Add(main with { Kernel = main.Kernel with { InPlace = InPlace(main) } });
        if (partialSums is not null) launches.Add(Combine(partialSums, result));
        return launches;
    }

    /// <summary>
    /// The last result and an operand of the stages that has the same elements in the same order. A tile reads each element of the operand before it stores that of the last result, but
    /// perhaps after those of other results, and also of the last if it stores sums in the buffer of a result first.
    /// </summary>
    private (int Result, int Operand)? InPlace(Launch main)
    {
        if (step is not null || plan.Window is not null || plan.Continues || plan.StageCost > ContractEpilogue.UnrolledCost) return null;
        var result = plan.Results[plan.Results.Count - 1].Cursor.Access;
        foreach (var operand in plan.Cursors.Where(cursor => !cursor.IsWritten && cursor != plan.A && cursor != plan.B).Select(cursor => cursor.Access))
        {
            var isSame = operand.Storage.Whole == operand.Storage && result.Storage.Whole == result.Storage && operand.Storage.Length == result.Storage.Length
                && operand.Base == result.Base && operand.ColumnStride == result.ColumnStride && operand.PanelStride == result.PanelStride && operand.Strides.SequenceEqual(result.Strides);
            if (isSame && plan.Cursors.Count(cursor => cursor.Access.Storage.Whole == operand.Storage) == 1) return (IndexOf(result.Storage), IndexOf(operand.Storage));
        }

        return null;

        int IndexOf(Storage storage) => main.Buffers.ToList().IndexOf(storage);
    }

    private PanelAccess AccessOf(Operand operand) =>
        PanelAccess.Of(operand.Node, operand.Map, roles.Domain.Rank, roles.Column, storages.Of);

    private int PanelCount => Panels.CountFor(plan.Columns);

    // A number of rows that is an argument cannot determine the tiles.
    private Index RowCount => step?.HasFewerRows == true ? new IndexVariable("rows") : plan.RowAxis?.Size ?? 1;

    /// <summary>The number of rows of a full tile, of which each may be a window.</summary>
    private int TileRows => Math.Max(1, target.TileRows / plan.Elements);

    /// <summary>
    /// The number of tasks, each with some rows, that have together as many elements as a panel. A gradient of weights is updated in order, so its workers have as few panels as possible: the worker that
    /// writes an element then often updates it too. Partial sums count as panels, and fewer of them mean fewer rows too.
    /// </summary>
    /// <param name="rows">The number of rows of a task.</param>
    private int? PanelRows(int rows) => plan.SumsBatch || partials > 1 ? null : Math.Max(1, Panels.Width / (rows * plan.Elements));

    private Launch BuildMain()
    {
        foreach (var cursor in plan.Cursors)
        {
            _ = cursor.IsWritten || cursor.Access.Storage == packed?.Scratch ? kernel.Write(cursor.Access.Storage) : kernel.Read(cursor.Access.Storage);
        }

        foreach (var stream in plan.Streams) kernel.Stream(stream);
        var columns = partials > 1 ? PartialCount() * PanelCount : PanelCount;
        if (plan.Outer.Count == 0)
        {
            var whole = InPartials(count => [.. Bounds(count), .. step is { IsShared: false } && RowCount.Literal is { } rows ? InFewTiles(rows) : InTiles(Grid.RowFrom, Grid.RowTo)]);
            return kernel.Build(name, Formulas.Of(group), whole, functions, new Grid(RowCount, TileRows, columns, PanelRows(1)));
        }

        // Each position, or each block of rows, is a task.
        var (blocks, tiles) = RowBlocks();
        var tasks = plan.Outer.Aggregate(blocks, (product, axis) => product * axis.Size);
        List<Statement> Positions(Index? count, PanelColumns? at) => [new Loop(offset, Grid.RowFrom, Grid.RowTo, 1, [.. DecodeTask(blocks), .. Bounds(count), .. tiles(at)])];
        var all = InPartials(count => HasPanelsOutside ? PanelLoops(1, (panel, columns) => Positions(count, new PanelColumns(panel, columns))) : Positions(count, null));
        return kernel.Build(name, Formulas.Of(group), all, functions, new Grid(tasks, 1, columns, PanelRows(RowCount.Literal ?? 4 * TileRows)));
    }

    /// <summary>
    /// Whether the loop over panels is outside the loop over positions: if all panels together are larger than the level-2 cache, one panel is not, and operand A for 32 samples
    /// is smaller than all panels.
    /// </summary>
    private bool HasPanelsOutside => positionRange is not null && plan.B.Access.PanelStride is var floats && floats < 4 * target.CacheFloats && (long)floats * PanelCount > 4 * target.CacheFloats
        && FloatsPerSample(roles.A.Node) < floats * PanelCount / 32;

    /// <summary>
    /// Whether the loop over rows is outside the loop over the panels of a block. The rows are then read from memory once per block, and adjacent results are written together. In
    /// a sum over the batch, each tile reads different columns of the same rows, so the order makes no difference.
    /// </summary>
    private bool HasRowsOutside => plan.Outer.Count == 0 && RowCount.Literal is null && !plan.SumsBatch;

    /// <summary>The number of panels of a block, which fit into the level-2 cache while the rows are processed.</summary>
    private int PanelsPerBlock => Math.Max(1, 2 * target.CacheFloats / Math.Max(1, plan.B.Access.PanelStride));

    private static int FloatsPerSample(Node node) => Enumerable.Range(0, node.Shape.Rank).Where(axis => !node.Shape[axis].IsBatch).Aggregate(1, (product, axis) => product * node.Shape[axis].Value);

    /// <summary>Declares the bounds of windows at a position, and the number of iterations of the outermost loop of a tile in a partial sum or block.</summary>
    private List<Statement> Bounds(Index? count)
    {
        var statements = new List<Statement>();
        roles.IterationDomain.Declare(statements, plan.OuterAt);
        if (count is not null) statements.Add(new DeclareIndex(ContractPlan.Count, count));
        return statements;
    }

    /// <summary>Computes the index of each loop around the tiles and the block of rows from the number of a task.</summary>
    private List<Statement> DecodeTask(Index blocks)
    {
        var body = new List<Statement>();
        Index rest = offset;
        if (blocks.Literal != 1)
        {
            body.Add(new DeclareIndex(block, rest % blocks));
            rest /= blocks;
        }

        for (var i = plan.Outer.Count - 1; i >= 0; i--)
        {
            body.Add(new DeclareIndex(plan.OuterIndices[i], i == 0 ? rest : rest % plan.Outer[i].Size));
            rest /= plan.Outer[i].Size;
        }

        return body;
    }

    /// <summary>The number of blocks into which the rows of a position are split, and the tiles of a block.</summary>
    private (Index Blocks, Func<PanelColumns?, List<Statement>> Tiles) RowBlocks()
    {
        if (RowCount.Literal is not { } rows)
        {
            var size = 4 * TileRows;
            return (Index.CeilingDivide(RowCount, size), at =>
            [
                new DeclareIndex(blockFrom, block * size),
                new DeclareIndex(blockTo, Index.Min(blockFrom + size, RowCount)),
                .. InTiles(blockFrom, blockTo, at),
            ]);
        }

        var (count, height, taller) = EvenTiles(rows);
        if (!plan.SumsBatch) return (1, at => InEvenTiles(rows, at));

        // A sum over the batch is long, so each tile is a task.
        return (count, _ => TileOfBlock(count == 1 ? 0 : block, height, taller));
    }

    /// <summary>Splits a known number of rows evenly into tiles of two heights that differ by one. <c>Taller</c> is the number of tiles with the greater height.</summary>
    private (int Count, int Height, int Taller) EvenTiles(int rows)
    {
        var most = Math.Max(1, target.MostRows / plan.Elements);
        var count = (rows + most - 1) / most;
        return (count, rows / count, rows % count);
    }

    /// <summary>Splits the rows of a block into tiles of the heights that other kernels have too. Rows for which this is not possible are split evenly.</summary>
    private List<Statement> InFewTiles(int rows)
    {
        const int Low = 4;
        var tall = rows / target.TileRows;
        while (tall > 0 && (rows - (tall * target.TileRows)) % Low != 0) tall--;
        var split = tall * target.TileRows;
        return (rows - split) % Low != 0 || plan.Elements > 1 || !target.TileHeights.Contains(Low) ? InEvenTiles(rows) : Tiles([(target.TileRows, 0, split), (Low, split, rows)]);
    }

    private List<Statement> InEvenTiles(int rows, PanelColumns? at = null)
    {
        var (_, height, taller) = EvenTiles(rows);
        var split = taller * (height + 1);
        return Tiles([(height + 1, 0, split), (height, split, rows)], at);
    }

    /// <summary>Writes the single tile of a block. The first blocks have one more row.</summary>
    private List<Statement> TileOfBlock(Index number, int height, int taller)
    {
        List<Statement> Of(int rows, Index from) => Tiles([(rows, from, from + rows)]);
        if (taller == 0) return Of(height, number * height);
        return [new If(Condition.Less(number, taller), Of(height + 1, number * (height + 1)), Of(height, (number * height) + taller))];
    }
}

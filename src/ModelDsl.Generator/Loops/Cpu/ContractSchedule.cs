using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A contraction group as kernels: register tiles over rows and panels of 32 columns. An operand that does not lie along the lanes is first copied
/// into panels; a sum over the batch whose result is small is split into a fixed number of pieces that are added in order.
/// </summary>
internal sealed partial class ContractSchedule
{
    private const string Piece = "piece";
    private const string Place = "place";
    private const string Length = "length";
    private const string Block = "block";
    private const string RowFrom = "blockFrom";
    private const string RowTo = "blockTo";
    private const string FirstPanel = "firstPanel";
    private const string LastPanel = "lastPanel";

    /// <summary>Names its statements use; loops around tiles and windows are few.</summary>
    private static readonly string[] Reserved =
    [
        Piece, Place, Block, RowFrom, RowTo, FirstPanel, LastPanel, Length, ContractPlan.Count, ContractPlan.Earlier,
        .. Enumerable.Range(0, 16).SelectMany(axis => new[] { Turn(axis), $"outer{axis}", $"first{axis}", $"taps{axis}", $"lowest{axis}" }),
    ];

    private readonly CpuTarget target;
    private readonly StorageMap storages;
    private readonly Group group;
    private readonly ContractRoles roles;
    private readonly TileWindow? window;
    private readonly TileRun? run;
    private readonly KernelBuilder kernel = new(Reserved);
    private readonly List<Function> functions = [];
    private readonly string name;
    private ContractPlan plan = null!;
    private Index panelFrom = "panelFrom";
    private Index panelTo = "panelTo";
    private int pieces = 1;
    private int resultFloats;

    private ContractSchedule(CpuTarget target, StorageMap storages, Group group)
    {
        this.target = target;
        this.storages = storages;
        this.group = group;
        window = TileWindow.Of(group);
        var layout = storages.Of(group.Stored[0]).Layout;
        roles = ContractRoles.Of(window?.Contract ?? (ContractNode)group.Anchor, layout);
        run = window is null ? TileRun.Of(target, roles) : null;
        if (run is not null) roles = ContractRoles.Of(run.Contract, layout, run.Axis);
        name = Names.Method(group.Name);
    }

    public static IReadOnlyList<Launch> Build(CpuTarget target, StorageMap storages, Group group)
    {
        var schedule = new ContractSchedule(target, storages, group);
        return schedule.Build();
    }

    private List<Launch> Build()
    {
        var launches = new List<Launch>();
        var a = AccessOf(roles.A);
        var b = AccessOf(roles.B);
        if (PackSchedule.Applies(roles, storages, b))
        {
            var (copy, packed) = PackSchedule.Build(roles, storages, b);
            launches.Add(copy);
            b = packed;
        }

        pieces = SumPieces.Of(roles, group);
        var result = storages.Of(group.Stored[0]);

        // Behind the elements of a plain value may lie pads, which nobody writes.
        resultFloats = result.Layout is Panels ? result.Length : group.Anchor.Shape.Length;
        var partial = pieces > 1
            ? storages.Scratch(group.Anchor.Name + "Pieces", Space.Fixed, result.Layout, pieces * resultFloats) : null;
        plan = new ContractPlan(target, group, window, run, roles, a, b, pieces > 1, node => partial is not null && node == group.Stored[0] ? partial : storages.Of(node));
        launches.Add(BuildMain());
        if (partial is not null) launches.Add(Combine(partial, result));
        return launches;
    }

    private PanelAccess AccessOf(Operand operand) =>
        PanelAccess.Of(operand.Node, operand.Map, roles.Domain.Rank, roles.Column, storages.Of);

    private int Panel => Panels.CountFor(plan.Columns);

    private Index RowCount => plan.RowAxis?.Size ?? 1;

    /// <summary>Rows of a full tile, of which each may be a window.</summary>
    private int TileRows => Math.Max(1, target.TileRows / plan.Elements);

    private Launch BuildMain()
    {
        foreach (var cursor in plan.Cursors)
        {
            _ = cursor.IsWritten ? kernel.Write(cursor.Access.Storage) : kernel.Read(cursor.Access.Storage);
        }

        foreach (var stream in plan.Streams) kernel.Stream(stream);
        var columns = pieces > 1 ? PieceCount() * Panel : Panel;
        if (plan.Outer.Count == 0)
        {
            var whole = InPieces(count => [.. Bounds(count), .. InLadder("rowFrom", "rowTo")]);
            return kernel.Build(name, Formulas.Of(group), whole, functions, new Grid(RowCount, TileRows, columns));
        }

        // Places and blocks of rows are shared out, each a task of its own.
        var (blocks, tiles) = RowBlocks();
        var tasks = plan.Outer.Aggregate(blocks, (product, axis) => product * axis.Size);
        List<Statement> Places(Index? count, PanelPlace? at) => [new Loop(Place, "rowFrom", "rowTo", 1, [.. DecodePlace(blocks), .. Bounds(count), .. tiles(at)])];
        var all = InPieces(count => HasPanelsOutside ? PanelLoops(1, (panel, columns) => Places(count, new PanelPlace(panel, columns))) : Places(count, null));
        return kernel.Build(name, Formulas.Of(group), all, functions, new Grid(tasks, 1, columns));
    }

    /// <summary>
    /// Whether a panel goes over all places before the next does: where all panels are more than a cache near a core holds, one is not, and operand A is less of a few samples.
    /// </summary>
    private bool HasPanelsOutside => run is not null && plan.B.Access.PanelStride is var panel && panel < 4 * target.CacheFloats && (long)panel * Panel > 4 * target.CacheFloats
        && FloatsPerSample(roles.A.Node) < panel * Panel / 32;

    private static int FloatsPerSample(Node node) => Enumerable.Range(0, node.Shape.Rank).Where(axis => !node.Shape[axis].IsBatch).Aggregate(1, (product, axis) => product * node.Shape[axis].Value);

    /// <summary>The bounds of windows at a place, and how many turns of its outermost loop a tile makes in a piece or block.</summary>
    private List<Statement> Bounds(Index? count)
    {
        var statements = new List<Statement>();
        roles.Nest.Declare(statements, plan.OuterAt);
        if (count is not null) statements.Add(new DeclareIndex(ContractPlan.Count, count));
        return statements;
    }

    /// <summary>Takes the number of a task apart: the index of each loop around the tiles, and the block of rows.</summary>
    private List<Statement> DecodePlace(Index blocks)
    {
        var body = new List<Statement>();
        Index rest = Place;
        if (blocks.Literal != 1)
        {
            body.Add(new DeclareIndex(Block, rest % blocks));
            rest /= blocks;
        }

        for (var i = plan.Outer.Count - 1; i >= 0; i--)
        {
            body.Add(new DeclareIndex(plan.OuterNames[i], i == 0 ? rest : rest % plan.Outer[i].Size));
            rest /= plan.Outer[i].Size;
        }

        return body;
    }

    /// <summary>Into how many blocks the rows of a place are split, and the tiles of a block.</summary>
    private (Index Blocks, Func<PanelPlace?, List<Statement>> Tiles) RowBlocks()
    {
        if (RowCount.Literal is not { } rows)
        {
            var size = 4 * TileRows;
            return (Index.CeilingDivide(RowCount, size), at =>
            [
                new DeclareIndex(RowFrom, (Index)Block * size),
                new DeclareIndex(RowTo, Index.Min((Index)RowFrom + size, RowCount)),
                .. InLadder(RowFrom, RowTo, at),
            ]);
        }

        // A known number of rows is split evenly: tiles of two heights, one apart.
        var most = Math.Max(1, target.MostRows / plan.Elements);
        var count = (rows + most - 1) / most;
        var (height, taller) = (rows / count, rows % count);
        var split = taller * (height + 1);
        if (!plan.SumsBatch) return (1, at => Tiles([(height + 1, 0, split), (height, split, rows)], at));

        // A sum over the batch is long: each tile is a task.
        return (count, _ => TileOfBlock(count == 1 ? 0 : Block, height, taller));
    }

    /// <summary>The one tile of a block: the first blocks are one row taller.</summary>
    private List<Statement> TileOfBlock(Index block, int height, int taller)
    {
        List<Statement> Of(int rows, Index from) => Tiles([(rows, from, from + rows)]);
        if (taller == 0) return Of(height, block * height);
        return [new If(block, taller, Of(height + 1, block * (height + 1)), Of(height, (block * height) + taller))];
    }
}

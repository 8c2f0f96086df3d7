using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A contraction group as kernels: register tiles over rows and panels of 32 columns. An operand that does not lie along the lanes is first copied
/// into panels; a sum over the batch whose result is small is split into a fixed number of pieces that are added in order.
/// </summary>
internal sealed class ContractSchedule
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
        roles = ContractRoles.Of(window?.Contract ?? (ContractNode)group.Anchor, storages.Of(group.Stored[0]).Layout);
        name = Names.Pascal(group.Name);
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
        resultFloats = result.Layout is Panels ? result.Floats : group.Anchor.Shape.Length;
        var partial = pieces > 1
            ? storages.Scratch(group.Anchor.Name + "Pieces", Space.Fixed, result.Layout, pieces * resultFloats) : null;
        plan = new ContractPlan(target, group, window, roles, a, b, pieces > 1, node => partial is not null && node == group.Stored[0] ? partial : storages.Of(node));
        launches.Add(BuildMain());
        if (partial is not null) launches.Add(Combine(partial, result));
        return launches;
    }

    /// <summary>Adds the pieces where they lie, pads and all.</summary>
    private Launch Combine(Storage partial, Storage result)
    {
        var combine = new KernelBuilder();
        return SumPieces.Combine(
            combine, group.Anchor.Name + "Sum", $"{group.Anchor.Name} = the sum of at most {pieces} pieces, in order", partial, resultFloats, PieceCount(),
            (statements, sum, column, lanes) => statements.Add(new StoreLanes(combine.Write(result), column, sum, lanes)));
    }

    private PanelAccess AccessOf(Operand operand) =>
        PanelAccess.Of(operand.Node, operand.Map, roles.Domain.Rank, roles.Column, storages.Of);

    private int Panel => (plan.Columns + Panels.Width - 1) / Panels.Width;

    private int FullPanels => plan.Columns / Panels.Width;

    private Index RowCount => plan.RowAxis?.Size ?? 1;

    /// <summary>Rows of a full tile, of which each may be a window.</summary>
    private int TileRows => Math.Max(1, target.TileRows / plan.Elements);

    /// <summary>Heights of tiles, tallest first.</summary>
    private IReadOnlyList<int> Ladder() => [.. target.Ladder.Select(height => Math.Max(1, height / plan.Elements)).Distinct()];

    /// <summary>Length of the loop that is split.</summary>
    private Index SplitSize => plan.SumLoops[0].Size;

    private Index PieceLength => Index.CeilingDivide(SplitSize, pieces);

    /// <summary>Pieces that have any terms at this batch size: the others are zero and left out.</summary>
    private Index PieceCount() => Index.CeilingDivide(SplitSize, PieceLength);

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
        var all = InPieces(count => [new Loop(Place, "rowFrom", "rowTo", 1, [.. DecodePlace(blocks), .. Bounds(count), .. tiles()])]);
        return kernel.Build(name, Formulas.Of(group), all, functions, new Grid(tasks, 1, columns));
    }

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
    private (Index Blocks, Func<List<Statement>> Tiles) RowBlocks()
    {
        if (RowCount.Literal is not { } rows)
        {
            var size = 4 * TileRows;
            return (Index.CeilingDivide(RowCount, size), () =>
            [
                new DeclareIndex(RowFrom, (Index)Block * size),
                new DeclareIndex(RowTo, Index.Min((Index)RowFrom + size, RowCount)),
                .. InLadder(RowFrom, RowTo),
            ]);
        }

        // A known number of rows is split evenly: tiles of two heights, one apart.
        var most = Math.Max(1, target.MostRows / plan.Elements);
        var count = (rows + most - 1) / most;
        var (height, taller) = (rows / count, rows % count);
        var split = taller * (height + 1);
        if (!plan.SumsBatch) return (1, () => Tiles([(height + 1, 0, split), (height, split, rows)]));

        // A sum over the batch is long: each tile is a task.
        return (count, () => TileOfBlock(count == 1 ? 0 : Block, height, taller));
    }

    /// <summary>The one tile of a block: the first blocks are one row taller.</summary>
    private List<Statement> TileOfBlock(Index block, int height, int taller)
    {
        List<Statement> Of(int rows, Index from) => Tiles([(rows, from, from + rows)]);
        if (taller == 0) return Of(height, block * height);
        return [new If(block, taller, Of(height + 1, block * (height + 1)), Of(height, (block * height) + taller))];
    }

    /// <summary>The rows from the tallest tile down to single rows.</summary>
    private List<Statement> InLadder(Index from, Index end)
    {
        var statements = new List<Statement>();
        var heights = Heights();
        var bounds = new List<(int Height, Index From, Index To)>();
        foreach (var height in heights)
        {
            var to = end;
            if (height != heights[heights.Count - 1])
            {
                var bound = kernel.Names.Unique($"rowsBy{height}");
                statements.Add(new DeclareIndex(bound, from + ((end - from) / height * height)));
                to = bound;
            }

            bounds.Add((height, from, to));
            from = to;
        }

        statements.AddRange(Tiles(bounds));
        return statements;
    }

    /// <summary>Panel by panel, tiles of the given heights; single rows take several panels at once.</summary>
    private List<Statement> Tiles(IReadOnlyList<(int Height, Index From, Index To)> bounds)
    {
        var statements = new List<Statement>();
        var some = bounds.Where(bound => bound.To.Literal is null || bound.To != bound.From).ToArray();
        var tall = some.Where(bound => bound.Height > 1).ToArray();
        if (tall.Length > 0) statements.AddRange(PanelLoops(1, (panel, columns) => [.. tall.SelectMany(bound => RowLoop(bound, panel, columns, 1))]));
        foreach (var single in some.Where(bound => bound.Height == 1))
        {
            var loops = PanelLoops(Math.Max(1, target.RowPanels / plan.Elements), (panel, columns, panels) => TileCall(1, "row", panel, columns, panels));
            statements.Add(new Loop("row", single.From, single.To, 1, loops));
        }

        return statements;
    }

    /// <summary>The ladder's heights, without those that the number of rows never needs.</summary>
    private List<int> Heights()
    {
        if (plan.RowAxis is null) return [1];
        var multiple = RowCount switch
        {
            IndexLiteral literal => literal.Value,
            IndexBinary { Operator: '*', Right: IndexLiteral literal } => literal.Value,
            _ => 1,
        };
        var heights = new List<int>();
        foreach (var height in Ladder())
        {
            if (RowCount.Literal is { } rows && rows < height) continue;
            heights.Add(height);
            if (RowCount.Literal is { } total ? Covers(heights, total) : height <= 4 && multiple % height == 0 && TileRows % height == 0) break;
        }

        return heights;
    }

    private static bool Covers(List<int> heights, int rows) => heights.Aggregate(rows, (rest, height) => rest % height) == 0;

    private List<Statement> RowLoop((int Height, Index From, Index To) bound, Index panel, (Index Start, int Count) columns, int panels) =>
        [new Loop("row", bound.From, bound.To, bound.Height, TileCall(bound.Height, "row", panel, columns, panels))];

    private List<Statement> PanelLoops(int atOnce, Func<Index, (Index Start, int Count), List<Statement>> body) =>
        PanelLoops(atOnce, (panel, columns, _) => body(panel, columns));

    /// <summary>Loops over the full panels, several at once where asked, and then over the last one that is not full.</summary>
    private List<Statement> PanelLoops(int atOnce, Func<Index, (Index Start, int Count), int, List<Statement>> body)
    {
        var statements = new List<Statement>();
        var hasPartial = FullPanels < Panel;
        if (FullPanels > 0)
        {
            var end = hasPartial ? Index.Min(panelTo, FullPanels) : panelTo;
            var from = panelFrom;
            if (atOnce > 1 && FullPanels >= atOnce)
            {
                var several = kernel.Names.Unique($"panelsBy{atOnce}");
                statements.Add(new DeclareIndex(several, from + (Index.Max(end - from, 0) / atOnce * atOnce)));
                statements.Add(new Loop("panel", from, several, atOnce, body("panel", (0, Panels.Width), atOnce)));
                from = several;
            }

            // A worker's share may hold any number of panels.
            statements.Add(new Loop("panel", from, end, 1, InColumns(Panels.Width, atOnce > 1, body)));
        }

        if (hasPartial)
        {
            var last = FullPanels > 0 ? Index.Max(panelFrom, FullPanels) : panelFrom;
            statements.Add(new Loop("panel", last, panelTo, 1, InColumns(plan.Columns % Panels.Width, atOnce > 1, body)));
        }

        return statements;
    }

    /// <summary>Splits a panel into the column ranges a tile of this target covers.</summary>
    private List<Statement> InColumns(int columns, bool isSingleRow, Func<Index, (Index Start, int Count), int, List<Statement>> body)
    {
        var width = isSingleRow ? Panels.Width : target.TileVectors * Value.Lanes;
        var full = columns / width;
        var statements = new List<Statement>();
        if (full == 1) statements.AddRange(body("panel", (0, width), 1));
        else if (full > 1) statements.Add(new Loop("column", 0, full * width, width, body("panel", ("column", width), 1)));
        if (columns % width != 0) statements.AddRange(body("panel", (full * width, columns % width), 1));
        return statements;
    }

    /// <summary>The calls of one tile, with every cursor at the tile's first element.</summary>
    private List<Statement> TileCall(int height, Index row, Index panel, (Index Start, int Count) columns, int panels)
    {
        var tile = Tile(new TileShape(height, panels, columns.Count));
        var arguments = plan.Cursors.Select(cursor => (kernel.Read(cursor.Access.Storage), PlaceOf(cursor, row, panel, columns.Start))).ToArray();
        return [new Call(tile, arguments, Integers(row, (panel * Panels.Width) + columns.Start))];
    }

    private Index PlaceOf(PanelCursor cursor, Index row, Index panel, Index column)
    {
        var place = (row * plan.RowStride(cursor)) + (panel * cursor.Access.PanelStride) + (column * cursor.Access.ColumnStride) + cursor.Access.Base;
        if (cursor == plan.A || cursor == plan.B) place += roles.Nest.Start(cursor.Access.Strides);
        for (var i = 0; i < plan.Outer.Count; i++) place += (Index)plan.OuterNames[i] * cursor.Access.Strides[plan.Outer[i].Axis];
        if (cursor.IsWritten) return pieces == 1 ? place : place + ((Index)Piece * resultFloats);
        if (cursor != plan.A && cursor != plan.B) return place;
        var operand = cursor == plan.A ? 0 : 1;
        if (pieces > 1) place += (Index)Piece * PieceLength * plan.SumLoops[0].Strides[operand];
        for (var depth = 0; plan.Blocks is not null && depth <= plan.AroundTiles; depth++) place += (Index)Turn(depth) * plan.SumLoops[depth].Strides[operand];
        return place;
    }

    private List<Index> Integers(Index row, Index column) =>
        [.. plan.Integers.Select(integer => integer switch
        {
            ContractPlan.Row => row,
            ContractPlan.Column => column,
            _ => (Index)integer,
        })];

    private Function Tile(TileShape shape)
    {
        var suffix = $"{shape.Rows * plan.Elements}x{shape.Panels * shape.Columns}";
        var known = functions.FirstOrDefault(tile => tile.Name == $"{name}Tile{suffix}");
        if (known is not null) return known;
        var tile = ContractTile.Build(plan, shape, $"{name}Tile{suffix}");
        functions.Add(tile);
        return tile;
    }

    /// <summary>What stands around the loops over tiles: the pieces of the sum, of each a worker's panels, and in a piece its blocks.</summary>
    /// <param name="tiles">The loops over tiles, given the turns they make of their outermost loop; null for all.</param>
    private List<Statement> InPieces(Func<Index?, List<Statement>> tiles)
    {
        if (pieces == 1) return InBlocks(SplitSize, tiles);
        (panelFrom, panelTo) = (FirstPanel, LastPanel);
        return [new Loop(Piece, (Index)"panelFrom" / Panel, Index.CeilingDivide("panelTo", Panel), 1,
        [
            new DeclareIndex(FirstPanel, Index.Max(0, (Index)"panelFrom" - ((Index)Piece * Panel))),
            new DeclareIndex(LastPanel, Index.Min(Panel, (Index)"panelTo" - ((Index)Piece * Panel))),
            .. InBlocks(Index.Min(PieceLength, SplitSize - ((Index)Piece * PieceLength)), tiles),
        ])];
    }

    /// <summary>The blocks of a piece, one after the other, each gone over by all tiles.</summary>
    private List<Statement> InBlocks(Index length, Func<Index?, List<Statement>> tiles)
    {
        if (plan.Blocks is not { } blocks) return tiles(pieces == 1 ? null : length);
        var end = blocks.Depth == 0 ? Length : plan.SumLoops[blocks.Depth].Size;
        var earlier = Enumerable.Range(0, blocks.Depth + 1).Select(depth => (Index)Turn(depth)).Aggregate((sum, turn) => sum + turn);
        List<Statement> body =
        [
            new DeclareIndex(ContractPlan.Earlier, earlier),
            .. tiles(Index.Max(0, Index.Min(blocks.Length, end - Turn(blocks.Depth)))),
        ];
        for (var depth = blocks.Depth; depth >= 0; depth--)
        {
            var last = depth == 0 ? Length : (Index)plan.SumLoops[depth].Axes.Aggregate(1, (size, axis) => size * roles.Domain[axis].Value);
            body = [new Loop(Turn(depth), 0, last, depth == blocks.Depth ? blocks.Length : 1, body)];
        }

        return [new DeclareIndex(Length, length), .. body];
    }

    /// <summary>The turn of a loop of the sum at which a block begins.</summary>
    private static string Turn(int depth) => $"turn{depth}";
}

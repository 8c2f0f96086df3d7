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

    private readonly CpuTarget target;
    private readonly StorageMap storages;
    private readonly Group group;
    private readonly ContractRoles roles;
    private readonly KernelBuilder kernel = new();
    private readonly List<Function> tiles = [];
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
        roles = ContractRoles.Of((ContractNode)group.Anchor, storages.Of(group.Stored[0]).Layout);
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
        if (!b.IsAlongLanes)
        {
            var (copy, packed) = PackSchedule.Build(roles, storages, b);
            launches.Add(copy);
            b = packed;
        }

        pieces = SumPieces.Of(roles, group);
        var result = storages.Of(group.Stored[0]);
        var partial = pieces > 1
            ? storages.Scratch(group.Anchor.Name + "Pieces", Space.Fixed, result.Layout, pieces * result.Floats) : null;
        plan = new ContractPlan(group, roles, a, b, pieces > 1, node => partial is not null && node == group.Stored[0] ? partial : storages.Of(node));
        resultFloats = result.Floats;
        launches.Add(BuildMain());
        if (partial is not null) launches.Add(Combine(partial, result));
        return launches;
    }

    /// <summary>Adds the pieces where they lie, pads and all.</summary>
    private Launch Combine(Storage partial, Storage result)
    {
        var combine = new KernelBuilder();
        return SumPieces.Combine(
            combine, group.Anchor.Name + "Sum", $"{group.Anchor.Name} = the sum of at most {pieces} pieces, in order", partial, result.Floats, PieceCount(),
            (statements, sum, column, lanes) => statements.Add(new StoreLanes(combine.Write(result), column, sum, lanes)));
    }

    private PanelAccess AccessOf(Operand operand) =>
        PanelAccess.Of(operand.Node, operand.Map, roles.Contract.Domain.Rank, roles.Column, storages.Of);

    private int Panel => (plan.Columns + Panels.Width - 1) / Panels.Width;

    private int FullPanels => plan.Columns / Panels.Width;

    private Index RowCount => plan.RowAxis?.Size ?? 1;

    /// <summary>Length of the axis whose sum is split.</summary>
    private Index SplitSize => KernelBuilder.Size(roles.Contract.Domain[roles.Summed[0]])
        * plan.Summed[0].Axes.Skip(1).Aggregate(1, (size, axis) => size * roles.Contract.Domain[axis].Value);

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
        var name = Names.Pascal(group.Name);
        var statements = pieces > 1 ? InPieces(name) : Ladder(name);
        for (var i = plan.Outer.Count - 1; i >= 0; i--) statements = [new Loop(plan.OuterNames[i], 0, plan.Outer[i].Size, 1, statements)];
        var columns = pieces > 1 ? PieceCount() * Panel : Panel;
        return kernel.Build(name, Formulas.Of(group), statements, tiles, new Grid(RowCount, target.TileRows, columns));
    }

    /// <summary>Panel by panel, the rows from the tallest tile down to single rows; single rows take several panels at once.</summary>
    private List<Statement> Ladder(string name)
    {
        var statements = new List<Statement>();
        Index from = "rowFrom";
        var heights = Heights();
        var bounds = new List<(int Height, Index From, Index To)>();
        foreach (var height in heights)
        {
            Index to = "rowTo";
            if (height != heights[heights.Count - 1])
            {
                var bound = kernel.Names.Unique($"rowsBy{height}");
                statements.Add(new DeclareIndex(bound, from + (((Index)"rowTo" - from) / height * height)));
                to = bound;
            }

            bounds.Add((height, from, to));
            from = to;
        }

        var tall = bounds.Where(bound => bound.Height > 1).ToArray();
        if (tall.Length > 0) statements.AddRange(PanelLoops(1, (panel, columns) => [.. tall.SelectMany(bound => RowLoop(name, bound, panel, columns, 1))]));
        foreach (var single in bounds.Where(bound => bound.Height == 1))
        {
            var loops = PanelLoops(target.RowPanels, (panel, columns, panels) => TileCall(name, 1, "row", panel, columns, panels));
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
        foreach (var height in target.Ladder)
        {
            if (RowCount.Literal is { } rows && rows < height) continue;
            heights.Add(height);
            if (RowCount.Literal is { } total ? Covers(heights, total) : height <= 4 && multiple % height == 0 && target.TileRows % height == 0) break;
        }

        return heights;
    }

    private static bool Covers(List<int> heights, int rows) => heights.Aggregate(rows, (rest, height) => rest % height) == 0;

    private List<Statement> RowLoop(string name, (int Height, Index From, Index To) bound, Index panel, (Index Start, int Count) columns, int panels) =>
        [new Loop("row", bound.From, bound.To, bound.Height, TileCall(name, bound.Height, "row", panel, columns, panels))];

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
    private List<Statement> TileCall(string name, int height, Index row, Index panel, (Index Start, int Count) columns, int panels)
    {
        var tile = Tile(name, new TileShape(height, panels, columns.Count));
        var arguments = plan.Cursors.Select(cursor => (kernel.Read(cursor.Access.Storage), Place(cursor, row, panel, columns.Start))).ToArray();
        return [new Call(tile, arguments, Integers(row, (panel * Panels.Width) + columns.Start))];
    }

    private Index Place(PanelCursor cursor, Index row, Index panel, Index column)
    {
        var place = (row * plan.RowStride(cursor)) + (panel * cursor.Access.PanelStride) + (column * cursor.Access.ColumnStride) + cursor.Access.Base;
        for (var i = 0; i < plan.Outer.Count; i++) place += (Index)plan.OuterNames[i] * cursor.Access.Strides[plan.Outer[i].Axis];
        if (pieces == 1) return place;
        if (cursor.IsWritten) return place + ((Index)Piece * resultFloats);
        return place + ((Index)Piece * PieceLength * plan.Summed[0].Strides[cursor == plan.A ? 0 : 1]);
    }

    private List<Index> Integers(Index row, Index column) =>
        [.. plan.Integers.Select(integer => integer switch
        {
            ContractPlan.Row => row,
            ContractPlan.Column => column,
            _ => (Index)integer,
        })];

    private Function Tile(string name, TileShape shape)
    {
        var suffix = $"{shape.Rows}x{shape.Panels * shape.Columns}";
        var known = tiles.FirstOrDefault(tile => tile.Name == $"{name}Tile{suffix}");
        if (known is not null) return known;
        var tile = ContractTile.Build(plan, shape, $"{name}Tile{suffix}");
        tiles.Add(tile);
        return tile;
    }

    /// <summary>The same loops for one piece of the sum after another; a task is one panel of one piece.</summary>
    private List<Statement> InPieces(string name)
    {
        (panelFrom, panelTo) = ("firstPanel", "lastPanel");
        return [new Loop("task", "panelFrom", "panelTo", 1,
        [
            new DeclareIndex(Piece, (Index)"task" / Panel),
            new DeclareIndex(ContractPlan.Count, Index.Min(PieceLength, SplitSize - ((Index)Piece * PieceLength))),
            new DeclareIndex("firstPanel", (Index)"task" % Panel),
            new DeclareIndex("lastPanel", (Index)"firstPanel" + 1),
            .. Ladder(name),
        ])];
    }
}

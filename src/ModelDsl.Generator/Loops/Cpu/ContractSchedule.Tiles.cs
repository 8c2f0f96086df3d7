using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <content>The loops over rows, panels and columns, down to the calls of tiles.</content>
internal sealed partial class ContractSchedule
{
    /// <summary>Tiles of shorter sums do not take long enough to load anything in the meantime.</summary>
    private const int ShortSum = 64;

    /// <summary>A batch of operands with fewer elements per sample is usually still in the cache.</summary>
    private const int SmallOperand = 4096;

    private int FullPanels => plan.Columns / Panels.Width;

    /// <summary>Columns of a panel.</summary>
    private sealed record PanelColumns(Index Panel, (Index Start, int Count) Columns);

    /// <summary>The heights of tiles, tallest first.</summary>
    private IReadOnlyList<int> TileHeights() => [.. target.TileHeights.Select(height => Math.Max(1, height / plan.Elements)).Distinct()];

    /// <summary>Writes the tiles of the rows, from the tallest tile to single rows.</summary>
    private List<Statement> InTiles(Index from, Index end, PanelColumns? at = null)
    {
        var statements = new List<Statement>();
        var heights = Heights();
        var bounds = new List<(int Height, Index From, Index To)>();
        foreach (var height in heights)
        {
            var to = end;
            if (height != heights[heights.Count - 1])
            {
                var bound = new IndexVariable(kernel.Names.Unique($"rowsBy{height}"));
                statements.Add(new DeclareIndex(bound, from + ((end - from) / height * height)));
                to = bound;
            }

            bounds.Add((height, from, to));
            from = to;
        }

        statements.AddRange(Tiles(bounds, at));
        return statements;
    }

    /// <summary>Writes the tiles of the given heights, either for some columns of one panel or panel by panel. Tiles of single rows take several panels at once.</summary>
    private List<Statement> Tiles(IReadOnlyList<(int Height, Index From, Index To)> bounds, PanelColumns? at = null)
    {
        var statements = new List<Statement>();
        var some = bounds.Where(bound => bound.To.Literal is null || bound.To != bound.From).ToArray();
        if (packed is not null) return InPanelBlocks(packed.PanelCount, () => [.. CopyPanels(packed), .. some.SelectMany(bound => PackedRows(packed, bound))]);
        var tall = some.Where(bound => bound.Height > 1 || positionRange is not null).ToArray();
        List<Statement> RowsAt(Index panel, (Index Start, int Count) columns) => [.. tall.SelectMany(bound => RowLoop(bound, row => TileCall(bound.Height, row, panel, columns, 1)))];
        List<Statement> PanelsAt((int Height, Index From, Index To) bound) => RowLoop(bound, row => PanelLoops(1, (panel, columns) => TileCall(bound.Height, row, panel, columns, 1)));
        if (tall.Length > 0) statements.AddRange(at is not null ? RowsAt(at.Panel, at.Columns) : HasRowsOutside ? InPanelBlocks(PanelsPerBlock, () => [.. tall.SelectMany(PanelsAt)]) : PanelLoops(1, RowsAt));
        foreach (var single in some.Except(tall))
        {
            var row = new IndexVariable("row");
            var loops = PanelLoops(Math.Max(1, target.RowPanels / plan.Elements), (panel, columns, panels) => TileCall(1, row, panel, columns, panels));
            statements.Add(new Loop(row, single.From, single.To, 1, loops));
        }

        return statements;
    }

    /// <summary>The heights, without those that are not needed for the number of rows.</summary>
    private List<int> Heights()
    {
        if (plan.RowAxis is null) return [1];
        var multiple = RowCount switch
        {
            IndexLiteral literal => literal.Value,
            IndexBinary { Operator: IndexOperator.Multiply, Right: IndexLiteral literal } when !target.HasAnyRows => literal.Value,
            _ => step?.RowDivisor ?? 1,
        };
        var heights = new List<int>();
        foreach (var height in TileHeights())
        {
            if (RowCount.Literal is { } rows && rows < height) continue;
            heights.Add(height);
            if (RowCount.Literal is { } total ? Covers(heights, total) : height <= 4 && multiple % height == 0 && TileRows % height == 0) break;
        }

        return heights;
    }

    private static bool Covers(List<int> heights, int rows) => heights.Aggregate(rows, (rest, height) => rest % height) == 0;

    private static List<Statement> RowLoop((int Height, Index From, Index To) bound, Func<Index, List<Statement>> body)
    {
        var row = new IndexVariable("row");
        return [new Loop(row, bound.From, bound.To, bound.Height, body(row))];
    }

    /// <summary>Writes a loop over blocks of panels, if there are several blocks.</summary>
    private List<Statement> InPanelBlocks(int panels, Func<List<Statement>> body)
    {
        if (PanelCount <= panels) return body();
        var (from, to, start, end) = (panelFrom, panelTo, new IndexVariable("panelBlock"), new IndexVariable("panelBlockEnd"));
        (panelFrom, panelTo) = (start, end);
        var statements = body();
        (panelFrom, panelTo) = (from, to);
        return [new Loop(start, from, to, panels, [new DeclareIndex(end, Index.Min(start + panels, to)), .. statements])];
    }

    private List<Statement> PanelLoops(int atOnce, Func<Index, (Index Start, int Count), List<Statement>> body) =>
        PanelLoops(atOnce, (panel, columns, _) => body(panel, columns));

    /// <summary>Writes loops over the full panels, several at once if requested, and then over the last panel if it is not full.</summary>
    private List<Statement> PanelLoops(int atOnce, Func<Index, (Index Start, int Count), int, List<Statement>> body)
    {
        var statements = new List<Statement>();
        var hasPartial = FullPanels < PanelCount;
        if (FullPanels > 0)
        {
            var end = hasPartial ? Index.Min(panelTo, FullPanels) : panelTo;
            var from = panelFrom;
            if (atOnce > 1 && FullPanels >= atOnce)
            {
                var several = new IndexVariable(kernel.Names.Unique($"panelsBy{atOnce}"));
                statements.Add(new DeclareIndex(several, from + (Index.Max(end - from, 0) / atOnce * atOnce)));
                statements.Add(new Loop(panel, from, several, atOnce, body(panel, (0, Panels.Width), atOnce)));
                from = several;
            }

            // A worker's share may have any number of panels.
            statements.Add(new Loop(panel, from, end, 1, InColumns(Panels.Width, atOnce > 1, body)));
        }

        if (hasPartial)
        {
            var last = FullPanels > 0 ? Index.Max(panelFrom, FullPanels) : panelFrom;
            statements.Add(new Loop(panel, last, panelTo, 1, InColumns(plan.Columns % Panels.Width, atOnce > 1, body)));
        }

        return statements;
    }

    /// <summary>Splits a panel into the ranges of columns that a tile of this target covers.</summary>
    private List<Statement> InColumns(int columns, bool isSingleRow, Func<Index, (Index Start, int Count), int, List<Statement>> body)
    {
        var width = isSingleRow ? Panels.Width : target.TileVectors * Value.Lanes;
        var (full, column) = (columns / width, new IndexVariable("column"));
        var statements = new List<Statement>();
        if (full == 1) statements.AddRange(body(panel, (0, width), 1));
        else if (full > 1) statements.Add(new Loop(column, 0, full * width, width, body(panel, (column, width), 1)));
        if (columns % width != 0) statements.AddRange(body(panel, (full * width, columns % width), 1));
        return statements;
    }

    /// <summary>Writes the call of one tile, with every cursor at the first element of the tile.</summary>
    private List<Statement> TileCall(int height, Index row, Index panel, (Index Start, int Count) columns, int panels)
    {
        var shape = new TileShape(height, panels, columns.Count);
        var arguments = plan.Cursors.Select(cursor => (kernel.Read(cursor.Access.Storage), OffsetOf(cursor, row, panel, columns.Start))).ToArray();
        var integers = Integers(row, (panel * Panels.Width) + columns.Start);
        Prefetch[] prefetches = [.. height < TileRows || columns.Count < plan.TileColumns ? [] : KeptOperands().Select(cursor =>
            new Prefetch(kernel.Read(cursor.Access.Storage), OffsetOf(cursor, row, panel, columns.Start), plan.RowStride(cursor), height, columns.Count))];
        List<Statement> CallOf(RangeKind? kind) => [.. prefetches, new Call(Tile(shape, kind), arguments, integers)];
        if (positionRange is null) return CallOf(null);
        if (positionRange.Kinds.Count == 1) return CallOf(positionRange.Kinds[0]);

        // Tiles of all shapes have the same parameters.
        var cursors = plan.Cursors.Select(cursor => new Buffer(kernel.Names.Unique(cursor.Access.Storage.Name + "At"), cursor.Access.Storage.Type)).ToArray();
        var moved = cursors.Zip(arguments, (cursor, argument) => new DeclareCursor(cursor, argument.Item1, argument.Item2)).ToArray();
        arguments = [.. cursors.Select(cursor => (cursor, (Index)0))];
        return
        [
            .. moved,
            .. positionRange.Kinds.Reverse().Skip(1).Aggregate(
                CallOf(positionRange.Kinds[positionRange.Kinds.Count - 1]), (others, kind) => [new If(Condition.Less(plan.OuterAt(positionRange.Chunk), kind.To), CallOf(kind), others)]),
        ];
    }

    /// <summary>
    /// The operands of stages in a backward pass that have a value for each result: values that the forward pass has kept. A tile reads a few of their columns in each row, a pattern that
    /// processors do not recognize, and only at its end. Tiles of long sums load them into the cache in the meantime.
    /// </summary>
    private IEnumerable<PanelCursor> KeptOperands()
    {
        if (step is not null || group.Part == 0 || plan.Outer.Count > 0 || plan.SumLoops.Aggregate(1L, (terms, loop) => terms * (loop.Size.Literal ?? 0)) < ShortSum) return [];
        return plan.Cursors.Where(cursor => !cursor.IsWritten && cursor != plan.A && cursor != plan.B && plan.RowStride(cursor) != 0
            && cursor.Access is { ColumnStride: 1, Storage: { Space: Space.Batched, Length: >= SmallOperand } });
    }

    private Index OffsetOf(PanelCursor cursor, Index row, Index panel, Index column)
    {
        if (cursor.Access == packed?.B) return PackedPanel(packed, panel) + column;
        if (packed?.RowsSource is not null && cursor.Access == packed.A) return cursor.Access.Base;
        var position = (row * plan.RowStride(cursor)) + (panel * cursor.Access.PanelStride) + (column * cursor.Access.ColumnStride) + cursor.Access.Base;
        if (cursor == plan.A || cursor == plan.B) position += roles.IterationDomain.Start(cursor.Access.Strides);
        for (var i = 0; i < plan.Outer.Count; i++) position += plan.OuterIndices[i] * cursor.Access.Strides[plan.Outer[i].Axis];
        if (cursor.IsWritten) return partials == 1 ? position : position + (partial * resultFloats);
        if (cursor != plan.A && cursor != plan.B) return position;
        var operand = cursor == plan.A ? 0 : 1;
        if (partials > 1) position += partial * PartialLength * plan.SumLoops[0].Strides[operand];
        for (var depth = 0; plan.Blocks is not null && depth <= plan.AroundTiles; depth++) position += blockStarts[depth] * plan.SumLoops[depth].Strides[operand];
        return position;
    }

    /// <summary>The integers of a tile: its first row and column, and streams of the kernel. All other integers have the same names in the kernel and in the tile.</summary>
    private List<Index> Integers(Index row, Index column) =>
    [
        .. plan.Integers.Select(integer =>
            (integer == ContractPlan.Row || integer == ContractPlan.Column) && !plan.UsesPosition ? 0
            : integer == ContractPlan.Row ? (step is null ? row : row + ChainStep.FirstRow)
            : integer == ContractPlan.Column ? column + (step?.Before ?? 0)
            : integer == ContractPlan.Count && !plan.IsCounted ? plan.SumLoops[0].Size
            : integer == ContractPlan.Earlier && plan.Accumulates ? 1
            : integer == ContractPlan.Earlier && plan.Blocks is null ? 0
            : plan.StreamParameters.ToList().IndexOf(integer) is >= 0 and var number ? kernel.Stream(plan.Streams[number])
            : integer),
    ];

    private Function Tile(TileShape shape, RangeKind? kind)
    {
        var suffix = $"{shape.Rows * plan.Elements}x{shape.Panels * shape.Columns}{kind?.Suffix}";
        var known = functions.FirstOrDefault(tile => tile.Name == $"{name}Tile{suffix}");
        if (known is not null) return known;
        var tile = ContractTile.Build(plan, shape, kind, $"{name}Tile{suffix}");
        functions.Add(tile);
        return tile;
    }
}

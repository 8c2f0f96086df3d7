using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>A cursor for an operand or result of a contraction.</summary>
/// <param name="Buffer">The parameter of the tiles.</param>
/// <param name="Access">Its start and its strides.</param>
/// <param name="IsWritten">Whether it belongs to a result.</param>
internal sealed record PanelCursor(Buffer Buffer, PanelAccess Access, bool IsWritten)
{
    public string Name => Buffer.Name;
}

/// <summary>A result of a contraction group and its cursor.</summary>
internal sealed record PanelResult(Node Node, PanelCursor Cursor);

/// <summary>What the kernel of a contraction group and all its tiles share: loops, operands and results.</summary>
internal sealed class ContractPlan
{
    /// <summary>The parameters of a tile for the index of its first row and column, if a stage uses them.</summary>
    public static IndexVariable Row => Loops.Epilogue.Row;

    /// <inheritdoc cref="Row"/>
    public static IndexVariable Column => Loops.Epilogue.Column;

    /// <summary>The parameter of a tile for the number of terms, if a sum is split into partial sums or computed in blocks.</summary>
    public static IndexVariable Count { get; } = new("count");

    /// <summary>The parameter of a tile that is 0 if its sums begin with zero, and positive if they continue from the contents of the result.</summary>
    public static IndexVariable Earlier { get; } = new("earlier");

    /// <summary>The names that a tile uses in addition to those of its cursors.</summary>
    private static readonly string[] Reserved = [KernelBuilder.BatchSize.Name, Row.Name, Column.Name, Count.Name, Earlier.Name, "seed", "number", "r", .. Enumerable.Range(0, 16).Select(axis => $"taps{axis}")];

    private readonly Dictionary<(Node Reader, Operand Operand), PanelCursor> cursorOf = [];
    private readonly List<PanelCursor> cursors = [];
    private readonly Names names = new(Reserved);
    private readonly Func<Node, Storage> storageOf;
    private readonly ChainStep? step;

    public ContractPlan(CpuTarget target, Group group, TileWindow? window, PositionRange? positionRange, ContractRoles roles, PanelAccess a, PanelAccess b, PackedOperands? packed, bool isSplit, Func<Node, Storage> storageOf, ChainStep? step = null)
    {
        this.storageOf = storageOf;
        this.step = step;
        Group = group;
        TileColumns = target.TileVectors * Value.Lanes;
        Window = window;
        PositionRange = positionRange;
        Roles = roles;
        Sizes = new TileSizes(this);
        Stages = [.. group.Members.OfType<MapNode>().Where(map => map.Shape == group.Anchor.Shape)];
        Pooled = [.. group.Members.Skip(1).Except(Stages)];
        A = Add(a, "rows");
        B = Add(b, "panel");
        foreach (var reader in group.Members.Skip(1))
        {
            foreach (var operand in reader.Operands.Where(IsRead)) cursorOf[(reader, operand)] = Cursor(reader, operand);
        }

        Results = [.. group.Stored.Select(node => new PanelResult(node, Add(AccessOver(node, ResultMap(node)), "result", isWritten: true)))];
        StageCost = Stages.Sum(stage => Work.Cost(stage.Body) + (stage.Operands.Any(operand => operand.Node is RandomNode) ? 40 : 0));

        var (iterations, domain) = (roles.IterationDomain, roles.Domain);
        var isIndexed = Stages.Any(stage => ExprWalk.All(stage.Body).Any(expr => expr is AxisIndex));
        Streams = [.. Stages.SelectMany(stage => stage.Operands).Select(operand => operand.Node).OfType<RandomNode>().Select(random => random.Stream).Distinct()];
        var result = Results[0].Cursor.Access.Strides;
        IOrderedEnumerable<int> InOrder(IEnumerable<int> axes) => axes.OrderByDescending(axis => result[axis]);
        Rows = LoopAxes.Merge(domain, InOrder(roles.Rows.Where(axis => window?.Elements.Contains(axis) != true)), Strides(cursors.Where(cursor => cursor != B)), _ => !isIndexed);
        var around = LoopAxes.Merge(domain, InOrder(roles.Outer.Where(axis => axis != positionRange?.Element)), Strides(cursors), axis => !isIndexed && !iterations.Positions.Contains(axis));
        Outer = [.. Rows.Take(Rows.Count - 1).Concat(around).OrderByDescending(axis => result[axis.Axis])];
        IReadOnlyList<int>[] steps = [iterations.Steps(A.Access.Strides), iterations.Steps(B.Access.Strides)];
        Summed = [.. LoopAxes.Merge(domain, roles.Summed, steps, axis => !iterations.IsRange(axis) && axis != positionRange?.Axis).Select(axis => iterations.IsRange(axis.Axis) ? axis with { Size = iterations.Size(axis.Axis) } : axis)];
        if (Summed.Count == 0) Summed = [new LoopAxis([], 1, [0, 0])];
        SumLoops = Summed;
        Blocks = packed is not null ? new SumBlocks(0, packed.Terms) : group.Members.Count == 1 && SumsBatch ? SumBlocks.Of(target, this) : null;
        IsCounted = isSplit || Blocks is not null || step?.IsCounted == true;
        if (Continues) Summed = [Summed[AroundTiles] with { Size = Count }, .. Summed.Skip(AroundTiles + 1)];
        Ahead = Summed.Count > 1 || packed is not null || !cursors.Take(2).Any(IsFar) ? 0
            : Blocks?.Length ?? (step?.Accumulates == true ? SumLoops[0].Size.Literal ?? 0 : 0);
        SumNames = [.. Summed.Select((axis, depth) => Summed.Count == 1 ? "k" : $"k{depth}")];

        OuterIndices = [.. Outer.Select((_, i) => new IndexVariable($"outer{i}"))];
        StreamParameters = [.. Streams.Select((_, number) => KernelBuilder.StreamParameter(number))];
        Epilogue = ContractEpilogue.Of(this);
        UsesPosition = isIndexed || Streams.Count > 0;
        IndexVariable[] position = UsesPosition ? [Row, Column, .. OuterIndices] : Epilogue is not null ? [Row, Column] : [];
        Integers =
        [
            KernelBuilder.BatchSize, .. Continues ? [Count, Earlier] : Array.Empty<IndexVariable>(), .. iterations.Ranges.Select(range => range.Count), .. position,
            .. step is not null && Streams.Count > 0 ? [ChainStep.FirstDraw] : Array.Empty<IndexVariable>(),
            .. StreamParameters,
        ];
    }

    public Group Group { get; }

    public ContractRoles Roles { get; }

    /// <summary>The contraction whose sums the tile holds.</summary>
    public Node Contract => Group.Anchor;

    /// <summary>The window whose elements a tile holds for each of its rows; null if there is none.</summary>
    public TileWindow? Window { get; }

    /// <summary>The range of positions that a tile holds for each of its rows; null if it holds one position.</summary>
    public PositionRange? PositionRange { get; }

    /// <summary>The number of elements that a tile holds for each of its rows: one, those of a window or those of a range of positions.</summary>
    public int Elements => Window?.Points.Count ?? PositionRange?.Length ?? 1;

    /// <summary>The pointwise stages on elements.</summary>
    public IReadOnlyList<MapNode> Stages { get; }

    /// <summary>The reductions over windows of elements, and the pointwise stages on their results.</summary>
    public IReadOnlyList<Node> Pooled { get; }

    public IReadOnlyList<PanelResult> Results { get; }

    /// <summary>All cursors: A, B, the operands of stages, the results.</summary>
    public IReadOnlyList<PanelCursor> Cursors => cursors;

    public PanelCursor A { get; }

    public PanelCursor B { get; }

    /// <summary>The approximate cost of the stages per logical vector.</summary>
    public int StageCost { get; }

    /// <summary>The row loops; the last one is tiled.</summary>
    public IReadOnlyList<LoopAxis> Rows { get; }

    /// <summary>The loops around the tiles.</summary>
    public IReadOnlyList<LoopAxis> Outer { get; }

    /// <summary>The indices of the loops around the tiles.</summary>
    public IReadOnlyList<IndexVariable> OuterIndices { get; }

    /// <summary>The loops of the sum, with the strides of A and B.</summary>
    public IReadOnlyList<LoopAxis> SumLoops { get; }

    /// <summary>The loops of the sum within a tile, without those around all tiles.</summary>
    public IReadOnlyList<LoopAxis> Summed { get; }

    public IReadOnlyList<string> SumNames { get; }

    /// <summary>The blocks in which the sum is computed; null if a tile computes the whole sum, or a whole partial sum, in one pass.</summary>
    public SumBlocks? Blocks { get; }

    /// <summary>Whether tiles add to the present contents of their result.</summary>
    public bool Accumulates => step?.Accumulates == true;

    /// <summary>Whether the kernel declares the number of terms, because it is not the same for all tiles.</summary>
    public bool IsCounted { get; }

    /// <summary>Whether tiles receive the number of terms, and whether sums continue from the contents of the result.</summary>
    public bool Continues => IsCounted || Accumulates;

    /// <summary>The number of loops of the sum that are around all tiles.</summary>
    public int AroundTiles => Blocks?.Depth ?? 0;

    /// <summary>
    /// The number of terms of a block after which another block of terms follows: each iteration of the sum loads the same term of the next block into the level-2 cache. In an operand whose terms are on lines
    /// far from each other, processors do not recognize the pattern. 0 if there are no blocks or no such operands.
    /// </summary>
    public int Ahead { get; }

    /// <summary>Whether the terms of an operand are on different cache lines, which no worker has just written, and the rows or columns of a tile are next to each other.</summary>
    public bool IsFar(PanelCursor cursor) =>
        cursor.Access.Storage.Space != Space.Worker && Math.Abs(Summed[0].Strides[cursor == A ? 0 : 1]) >= Value.Lanes && (cursor == A ? cursor.Access.ColumnStride == 0 && RowStride(cursor) == 1 : cursor.Access.ColumnStride == 1);

    /// <summary>Whether the sum runs over the batch.</summary>
    public bool SumsBatch => Roles.Summed.Any(axis => Roles.Domain[axis].IsBatch);

    /// <summary>The streams of random numbers that the stages draw from.</summary>
    public IReadOnlyList<int> Streams { get; }

    /// <summary>The parameters of the tiles for the streams.</summary>
    public IReadOnlyList<IndexVariable> StreamParameters { get; }

    /// <summary>Whether the stages depend on the row and column of a result.</summary>
    public bool UsesPosition { get; }

    /// <summary>The integers that a tile receives.</summary>
    public IReadOnlyList<IndexVariable> Integers { get; }

    /// <summary>The loop whose iterations are the rows of a tile; null for a single row.</summary>
    public LoopAxis? RowAxis => Rows.Count > 0 ? Rows[Rows.Count - 1] : null;

    /// <summary>The number of columns of the result.</summary>
    public int Columns => Roles.Domain[Roles.Column].Value;

    /// <summary>The number of columns of a full tile in a panel.</summary>
    public int TileColumns { get; }

    /// <summary>The epilogue as functions; null if tiles contain it.</summary>
    public Epilogue? Epilogue { get; }

    /// <summary>The strides and extents of the tiles.</summary>
    public TileSizes Sizes { get; }

    /// <summary>The cursor through which a stage reads an operand.</summary>
    public PanelCursor CursorOf(Node reader, Operand operand) => cursorOf[(reader, operand)];

    /// <summary>The offset of an element of a window from the first element.</summary>
    public int ElementOffset(PanelCursor cursor, int element) =>
        Window is null ? 0 : Window.Elements.Select((axis, position) => cursor.Access.Strides[axis] * Window.Points[element][position]).Sum();

    /// <summary>The parameter of the tile for a stream of random numbers.</summary>
    public Index Stream(RandomNode random) => StreamParameters[Streams.ToList().IndexOf(random.Stream)];

    public int RowStride(PanelCursor cursor) => RowAxis is null ? 0 : cursor.Access.Strides[RowAxis.Axis];

    /// <summary>The distance between two positions of a range.</summary>
    public int RangeStride(PanelCursor cursor) => PositionRange is null ? 0 : cursor.Access.Strides[PositionRange.Element];

    /// <summary>The number of the row among all rows of the result in row-major order.</summary>
    public Index LogicalRow(TileRow row)
    {
        Index logical = 0;
        foreach (var axis in Roles.IterationDomain.Kept.Where(axis => axis != Roles.Column))
        {
            if (step is not null)
            {
                // The kernel computes rows of one matrix and receives the number of its first row.
                logical = ChainStep.FirstDraw + Row + row.Row;
                continue;
            }

            if (RowAxis is { } tiled && tiled.Axes.Contains(axis))
            {
                if (axis == tiled.Axis) logical = (logical * tiled.Size) + Row + row.Row;
                continue;
            }

            if (axis == PositionRange?.Element)
            {
                logical = (logical * PositionRange.Length) + row.Position;
                continue;
            }

            var outer = OuterOf(axis);
            if (axis == Outer[outer].Axis) logical = (logical * Outer[outer].Size) + OuterIndices[outer];
        }

        return logical;
    }

    /// <summary>The index along an axis of the result, at a row and column of the tile.</summary>
    public Value IndexAlong(int axis, TileRow row, Index column)
    {
        Index index = 0;
        var isColumn = false;
        foreach (var term in Roles.IterationDomain.Output[axis].Terms)
        {
            isColumn |= term.Axis == Roles.Column;
            var iteration = term.Axis == Roles.Column ? Column + column
                : RowAxis?.Axis == term.Axis ? Row + row.Row
                : PositionRange?.Element == term.Axis ? row.Position : OuterIndices[OuterOf(term.Axis)];
            index += iteration * term.Scale;
        }

        return isColumn ? new LaneIndex(index) : new IndexNumber(index);
    }

    /// <summary>The loop around the tiles that runs over an axis.</summary>
    private int OuterOf(int axis) => Enumerable.Range(0, Outer.Count).First(i => Outer[i].Axes.Contains(axis));

    /// <summary>The index along an axis outside the tiles.</summary>
    public Index OuterAt(int axis) => OuterIndices[OuterOf(axis)];

    private bool IsRead(Operand operand) =>
        Aliases.IsInMemory(operand.Node) && !Group.Members.Contains(operand.Node);

    private static IReadOnlyList<IReadOnlyList<int>> Strides(IEnumerable<PanelCursor> cursors) => [.. cursors.Select(cursor => cursor.Access.Strides)];

    /// <summary>The access, over the domain, to a value with the shape of the result.</summary>
    private PanelAccess AccessOver(Node node, IndexMap map) => PanelAccess.Of(node, map, Roles.Domain.Rank, Roles.Column, storageOf);

    /// <summary>The coordinates of a member as functions of the indices of the contraction.</summary>
    private IndexMap ResultMap(Node node) => Window is null || node == Group.Anchor || Stages.Contains(node) ? Roles.IterationDomain.Output : Window.Positions;

    private PanelCursor Cursor(Node reader, Operand operand)
    {
        var access = AccessOver(operand.Node, operand.Map.After(reader is ReduceNode ? Window!.Domain : ResultMap(reader)));
        return cursors.Skip(2).FirstOrDefault(cursor => Same(cursor.Access, access)) ?? Add(access, "operand");
    }

    private static bool Same(PanelAccess a, PanelAccess b) =>
        a.Storage == b.Storage && a.Base == b.Base && a.ColumnStride == b.ColumnStride && a.Strides.SequenceEqual(b.Strides);

    private PanelCursor Add(PanelAccess access, string role, bool isWritten = false)
    {
        var cursor = new PanelCursor(new Buffer(names.Unique(role), access.Storage.Type), access, isWritten);
        cursors.Add(cursor);
        return cursor;
    }
}

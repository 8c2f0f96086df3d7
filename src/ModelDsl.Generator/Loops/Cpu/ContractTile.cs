using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// Writes the micro-kernel of a contraction: a tile of accumulators that stay in registers through the whole sum, then the group's pointwise
/// stages on them. Every accumulator adds its terms in the same order whatever the tile's shape, so results do not depend on it.
/// </summary>
internal sealed class ContractTile
{
    /// <summary>Above this cost per vector the stages run in a loop over the finished tile instead of being unrolled over its accumulators.</summary>
    private const int UnrolledCost = 6;

    private readonly ContractPlan plan;
    private readonly TileShape shape;
    private readonly RunKind? kind;
    private readonly Names names;
    private readonly List<Statement> body = [];
    private readonly Dictionary<(int Row, int Vector), Variable> sums = [];
    private readonly IReadOnlyList<Lanes> vectors;
    private readonly IReadOnlyList<TileRow> rows;

    private ContractTile(ContractPlan plan, TileShape shape, RunKind? kind)
    {
        this.plan = plan;
        this.shape = shape;
        this.kind = kind;
        names = new Names([.. plan.Cursors.Select(cursor => cursor.Name), .. plan.Integers, "seed", "number", "drawn"]);
        rows = [.. Enumerable.Range(0, shape.Rows).SelectMany(row => Enumerable.Range(0, plan.Elements).Select(element =>
            new TileRow((row * plan.Elements) + element, row, plan.Run is null ? element : 0, plan.Run is null ? 0 : element)))];
        vectors = [.. Enumerable.Range(0, shape.Panels).SelectMany(panel => Enumerable.Range(0, shape.Vectors).Select(v =>
            new Lanes((panel * shape.Vectors) + v, panel, v * Value.Lanes, Math.Min(Value.Lanes, shape.Columns - (v * Value.Lanes)))))];
    }

    /// <summary>Writes a tile.</summary>
    /// <param name="plan">What all tiles of the kernel agree on.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="kind">How the windows of its run are cut; null without runs.</param>
    /// <param name="name">Its name.</param>
    public static Function Build(ContractPlan plan, TileShape shape, RunKind? kind, string name)
    {
        var tile = new ContractTile(plan, shape, kind);
        tile.DeclareSums();
        if (plan.Blocks is not null) tile.GoOn();
        tile.body.AddRange(tile.SumLoop(0, tile.rows));
        if (plan.Window is not null || plan.StageCost <= UnrolledCost) tile.FinishInRegisters();
        else tile.FinishInLoop();
        var remark = $"{tile.rows.Count} × {shape.Panels * shape.Columns} results in registers.";
        var buffers = plan.Cursors.Select(cursor => new BufferParameter(cursor.Name, cursor.Access.Storage.Type, cursor.IsWritten)).ToArray();
        return new Function(name, remark, buffers, plan.Integers, tile.body);
    }

    private void DeclareSums()
    {
        foreach (var row in rows)
        {
            foreach (var vector in vectors)
            {
                var name = names.Unique($"sum{row.Number}{(char)('a' + vector.Number)}");
                body.Add(new Declare(name, new Spread(new Number(0)), vector.Count, Mutable: true));
                sums[(row.Number, vector.Number)] = new Variable(name, true);
            }
        }
    }

    /// <summary>Begins with what has been summed before.</summary>
    private void GoOn()
    {
        var result = plan.Results[0].Cursor;
        body.Add(new If(0, ContractPlan.Earlier,
        [
            .. rows.SelectMany(row => vectors.Select(vector => new Assign(sums[(row.Number, vector.Number)].Name, LoadAlong(result, row, vector, vector.Count), vector.Count))),
        ],
        []));
    }

    /// <summary>The loops of the sum: cursors move along, and back where an inner loop has moved them.</summary>
    private List<Statement> SumLoop(int depth, IReadOnlyList<TileRow> among)
    {
        var axis = plan.Summed[depth];
        if (kind is null || axis.Axis != plan.Run!.Axis) return [new Loop(names.Unique(plan.SumNames[depth]), 0, axis.Size, 1, Turn(depth, among))];

        // The elements of a window: each for the places of the run at which it exists.
        var statements = new List<Statement>();
        foreach (var part in kind.Parts)
        {
            var inside = among.Where(row => row.Place.Literal >= part.From && row.Place.Literal < part.To).ToArray();
            if (inside.Length == 0) statements.AddRange(Moves(operand => axis.Strides[operand] * part.Count));
            else if (part.Count == 1) statements.AddRange(Turn(depth, inside));
            else statements.Add(new Loop(names.Unique(plan.SumNames[depth]), 0, part.Count, 1, Turn(depth, inside)));
        }

        return statements;
    }

    /// <summary>One turn of a loop of the sum, for some of the rows.</summary>
    private List<Statement> Turn(int depth, IReadOnlyList<TileRow> among)
    {
        var statements = new List<Statement>();
        var inner = depth < plan.Summed.Count - 1 ? plan.Summed[depth + 1] : null;
        if (inner is null) Accumulate(statements, among);
        else statements.AddRange(SumLoop(depth + 1, among));
        statements.AddRange(Moves(operand => plan.Summed[depth].Strides[operand] - (inner is null ? 0 : inner.Size * inner.Strides[operand])));
        return statements;
    }

    /// <summary>Moves the cursors of both operands.</summary>
    private IEnumerable<Advance> Moves(Func<int, Index> by) =>
        Enumerable.Range(0, 2).Select(operand => new Advance(plan.Cursors[operand].Name, by(operand))).Where(move => move.By.Literal != 0);

    private void Accumulate(List<Statement> inner, IReadOnlyList<TileRow> among)
    {
        var columns = new Dictionary<int, Variable>();
        foreach (var vector in vectors)
        {
            var count = plan.B.Access.Storage.Layout is Panels ? Value.Lanes : vector.Count;
            var name = names.Unique($"{plan.B.Name}{vector.Number}");
            inner.Add(new Declare(name, LoadAlong(plan.B, rows[0], vector, count), vector.Count));
            columns[vector.Number] = new Variable(name, true);
        }

        foreach (var row in among)
        {
            if (plan.A.Access.ColumnStride != 0)
            {
                // Along the lanes both operands go on: a product per column and no sum over channels.
                foreach (var vector in vectors)
                {
                    var sum = sums[(row.Number, vector.Number)];
                    inner.Add(new Assign(sum.Name, new MultiplyAdd(LoadAlong(plan.A, row, vector, vector.Count), columns[vector.Number], sum), vector.Count));
                }

                continue;
            }

            var name = names.Unique($"{plan.A.Name}{row.Number}");
            var value = new LoadScalar(plan.A.Name, At(plan.A, row));
            inner.Add(new Declare(name, new Spread(value), vectors.Max(vector => vector.Count)));
            foreach (var vector in vectors)
            {
                var sum = sums[(row.Number, vector.Number)];
                inner.Add(new Assign(sum.Name, new MultiplyAdd(new Variable(name, true), columns[vector.Number], sum), vector.Count));
            }
        }
    }

    private LoadLanes LoadAlong(PanelCursor cursor, TileRow row, Lanes vector, int count) =>
        new(cursor.Name, Position(cursor, row, vector), count, cursor.Access.ColumnStride);

    private void FinishInRegisters()
    {
        var shared = new Dictionary<(PanelCursor, int), Value>();
        foreach (var window in rows.GroupBy(row => row.Row))
        {
            foreach (var vector in vectors)
            {
                var elements = new List<StageWriter>();
                foreach (var row in window)
                {
                    var writer = new StageWriter(body, names) { Known = { [plan.Contract] = sums[(row.Number, vector.Number)] } };
                    elements.Add(writer);
                    Finish(writer, row, vector, cursor => ReadOnce(cursor, row, vector));
                }

                if (plan.Window is not null) FinishWindow(elements, window.First(), vector, (cursor, row) => ReadOnce(cursor, row, vector));
            }
        }

        // What does not depend on the row is read once for all rows.
        Value ReadOnce(PanelCursor cursor, TileRow row, Lanes vector)
        {
            var value = Load(cursor, row, vector);
            if (plan.RowStride(cursor) != 0 || plan.RunStride(cursor) != 0 || rows.Any(other => plan.ElementOffset(cursor, other.Element) != 0)) return value;
            var key = (cursor, cursor.Access.ColumnStride == 0 ? -1 : vector.Number);
            if (shared.TryGetValue(key, out var known)) return known;
            var name = names.Unique(cursor.Name + (value.IsVector ? $"{vector.Number}" : "Value"));
            body.Add(new Declare(name, value, vector.Count));
            return shared[key] = new Variable(name, value.IsVector);
        }
    }

    /// <summary>What becomes of a whole window: its reductions, element by element in row-major order, and what rests on them.</summary>
    private void FinishWindow(List<StageWriter> elements, TileRow row, Lanes vector, Func<PanelCursor, TileRow, Value> read)
    {
        var writer = new StageWriter(body, names);
        foreach (var node in plan.Pooled)
        {
            if (node is MapNode map) writer.Compute(map, PlaceOf(node, row), vector.Count, !plan.Group.IsUsedOnce(map));
            else writer.Known[node] = writer.Name(Reduced((ReduceNode)node), node.Name, vector.Count);
        }

        StoreResults(plan.Results.Where(result => plan.Pooled.Contains(result.Node)), writer, row, vector);

        StagePlace PlaceOf(Node reader, TileRow at) => new(
            operand => read(plan.CursorOf(reader, operand), at), _ => throw new NotSupportedException($"'{reader.Name}' asks for its index."));

        Value Reduced(ReduceNode reduce)
        {
            var count = reduce.Operands.Count;
            var terms = Enumerable.Range(0, elements.Count).Select(element => ExprWalk.Substitute(
                reduce.Body,
                [.. Enumerable.Range(0, count).Select(operand => Expressions.Input((element * count) + operand))],
                axis => Expressions.Const(plan.Window!.IndexAlong(axis, element)))).ToArray();
            var maximum = reduce.HasMaximum ? ReductionSteps.MaximumOf(reduce) : null;
            return writer.Evaluate(ReductionSteps.OfTerms(reduce.Op, terms, maximum), reduce.Name, Leaf, _ => throw new NotSupportedException(), vector.Count);

            Value Leaf(int leaf)
            {
                var (element, operand) = (leaf / count, reduce.Operands[leaf % count]);
                return writer.Known.TryGetValue(operand.Node, out var known) ? known
                    : elements[element].Read(operand, PlaceOf(reduce, row with { Element = element }), isCompound: true, vector.Count);
            }
        }
    }

    /// <summary>Stores the raw sums where the first result belongs and goes over them, row by row or panel by panel, while they are in the cache.</summary>
    private void FinishInLoop()
    {
        var raw = plan.Results[0].Cursor;
        foreach (var row in rows)
        {
            foreach (var vector in vectors)
            {
                body.Add(new StoreLanes(raw.Name, Position(raw, row, vector), sums[(row.Number, vector.Number)], vector.Count, raw.Access.ColumnStride));
            }
        }

        var inner = new List<Statement>();
        Index variable = names.Unique(shape.Panels > 1 ? "p" : "r");
        Index place = plan.Run is null ? 0 : names.Unique("place");
        var atRow = new TileRow(0, shape.Panels > 1 ? 0 : variable, 0, place);
        foreach (var vector in vectors.Take(shape.Vectors).Select(vector => shape.Panels > 1 ? vector with { Panel = variable } : vector))
        {
            var writer = new StageWriter(inner, names);
            var loaded = new LoadLanes(raw.Name, Position(raw, atRow, vector), vector.Count, raw.Access.ColumnStride);
            writer.Known[plan.Contract] = writer.Name(loaded, plan.Contract.Name, vector.Count);
            Finish(writer, atRow, vector, cursor => Load(cursor, atRow, vector));
        }

        if (plan.Run is { } run) inner = [new Loop(place.ToString(), 0, run.Length, 1, inner)];
        body.Add(new Loop(variable.ToString(), 0, shape.Panels > 1 ? shape.Panels : shape.Rows, 1, inner));
    }

    /// <summary>The stages of one element, and those of its values that are stored.</summary>
    private void Finish(StageWriter writer, TileRow row, Lanes vector, Func<PanelCursor, Value> read)
    {
        var column = (vector.Panel * Panels.Width) + vector.Start;
        foreach (var map in plan.Stages)
        {
            var place = new StagePlace(
                operand => operand.Node is RandomNode random
                    ? writer.Name(new RandomLanes(plan.Stream(random), plan.LogicalRow(row), ((Index)ContractPlan.Column + column) / Value.Lanes), random.Name, vector.Count)
                    : read(plan.CursorOf(map, operand)),
                axis => plan.IndexAlong(axis, row, column));
            writer.Compute(map, place, vector.Count, !plan.Group.IsUsedOnce(map));
        }

        StoreResults(plan.Results.Where(result => !plan.Pooled.Contains(result.Node)), writer, row, vector);
    }

    private void StoreResults(IEnumerable<PanelResult> results, StageWriter writer, TileRow row, Lanes vector)
    {
        foreach (var result in results)
        {
            var isPadded = result.Cursor.Access.Storage.Layout is Panels;
            var value = writer.Known[result.Node];
            if (isPadded && plan.Stages.Count > 0 && vector.Count < Value.Lanes) value = new KeepLanes(value, vector.Count, 0);
            writer.Statements.Add(new StoreLanes(
                result.Cursor.Name, Position(result.Cursor, row, vector), value, isPadded ? Value.Lanes : vector.Count, result.Cursor.Access.ColumnStride));
        }
    }

    private Index At(PanelCursor cursor, TileRow row) =>
        (row.Row * plan.RowStride(cursor)) + (row.Place * plan.RunStride(cursor)) + plan.ElementOffset(cursor, row.Element);

    private Index Position(PanelCursor cursor, TileRow row, Lanes vector) =>
        At(cursor, row) + ((vector.Panel * cursor.Access.PanelStride) + (vector.Start * cursor.Access.ColumnStride));

    private Value Load(PanelCursor cursor, TileRow row, Lanes vector) => cursor.Access.ColumnStride == 0
        ? new LoadScalar(cursor.Name, Position(cursor, row, vector), cursor.Access.Storage.Type)
        : new LoadLanes(cursor.Name, Position(cursor, row, vector), vector.Count, cursor.Access.ColumnStride);

    /// <summary>One logical vector of the tile: its panel, the lane of the panel it starts at, and how many of its lanes exist.</summary>
    private sealed record Lanes(int Number, Index Panel, int Start, int Count);
}

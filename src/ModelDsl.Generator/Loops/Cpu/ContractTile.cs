using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>The shape of one register tile.</summary>
/// <param name="Rows">Rows of accumulators.</param>
/// <param name="Panels">Panels side by side; more than one only for a single row.</param>
/// <param name="Columns">Columns in each panel that exist; lanes behind them are pads.</param>
internal sealed record TileShape(int Rows, int Panels, int Columns)
{
    public int Vectors => (Columns + Value.Lanes - 1) / Value.Lanes;
}

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
    private readonly Names names;
    private readonly List<Statement> body = [];
    private readonly Dictionary<(int Row, int Vector), Variable> sums = [];
    private readonly IReadOnlyList<Lanes> vectors;

    private ContractTile(ContractPlan plan, TileShape shape)
    {
        this.plan = plan;
        this.shape = shape;
        names = new Names([.. plan.Cursors.Select(cursor => cursor.Name), .. plan.Integers, "seed", "number"]);
        vectors = [.. Enumerable.Range(0, shape.Panels).SelectMany(panel => Enumerable.Range(0, shape.Vectors).Select(v =>
            new Lanes((panel * shape.Vectors) + v, panel, v * Value.Lanes, Math.Min(Value.Lanes, shape.Columns - (v * Value.Lanes)))))];
    }

    public static Function Build(ContractPlan plan, TileShape shape, string name)
    {
        var tile = new ContractTile(plan, shape);
        tile.DeclareSums();
        tile.body.Add(tile.SumLoop(0));
        if (plan.StageCost <= UnrolledCost) tile.FinishInRegisters();
        else tile.FinishInLoop();
        var remark = $"{shape.Rows} × {shape.Panels * shape.Columns} results in registers.";
        var buffers = plan.Cursors.Select(cursor => new BufferParameter(cursor.Name, cursor.Access.Storage.Type, cursor.IsWritten)).ToArray();
        return new Function(name, remark, buffers, plan.Integers, tile.body);
    }

    private void DeclareSums()
    {
        for (var row = 0; row < shape.Rows; row++)
        {
            foreach (var vector in vectors)
            {
                var name = names.Unique($"sum{row}{(char)('a' + vector.Number)}");
                body.Add(new Declare(name, new Spread(new Number(0)), vector.Count, Mutable: true));
                sums[(row, vector.Number)] = new Variable(name, true);
            }
        }
    }

    /// <summary>The loops of the sum: cursors move along, and back where an inner loop has moved them.</summary>
    private Loop SumLoop(int depth)
    {
        var axis = plan.Summed[depth];
        var inner = new List<Statement>();
        var isInnermost = depth == plan.Summed.Count - 1;
        if (isInnermost) Accumulate(inner);
        else inner.Add(SumLoop(depth + 1));
        for (var operand = 0; operand < 2; operand++)
        {
            var by = (Index)axis.Strides[operand];
            if (!isInnermost) by -= plan.Summed[depth + 1].Size * plan.Summed[depth + 1].Strides[operand];
            if (by.Literal != 0) inner.Add(new Advance(plan.Cursors[operand].Name, by));
        }

        return new Loop(names.Unique(plan.SumNames[depth]), 0, axis.Size, 1, inner);
    }

    private void Accumulate(List<Statement> inner)
    {
        var columns = new Dictionary<int, Variable>();
        foreach (var vector in vectors)
        {
            var count = plan.B.Access.Storage.Layout is Panels ? Value.Lanes : vector.Count;
            var name = names.Unique($"{plan.B.Name}{vector.Number}");
            inner.Add(new Declare(name, LoadAlong(plan.B, 0, vector, count), vector.Count));
            columns[vector.Number] = new Variable(name, true);
        }

        for (var row = 0; row < shape.Rows; row++)
        {
            if (plan.A.Access.ColumnStride != 0)
            {
                // Along the lanes both operands go on: a product per column and no sum over channels.
                foreach (var vector in vectors)
                {
                    var sum = sums[(row, vector.Number)];
                    inner.Add(new Assign(sum.Name, new MultiplyAdd(LoadAlong(plan.A, row, vector, vector.Count), columns[vector.Number], sum), vector.Count));
                }

                continue;
            }

            var name = names.Unique($"{plan.A.Name}{row}");
            var value = new LoadScalar(plan.A.Name, row * plan.RowStride(plan.A));
            inner.Add(new Declare(name, new Spread(value), vectors.Max(vector => vector.Count)));
            foreach (var vector in vectors)
            {
                var sum = sums[(row, vector.Number)];
                inner.Add(new Assign(sum.Name, new MultiplyAdd(new Variable(name, true), columns[vector.Number], sum), vector.Count));
            }
        }
    }

    private LoadLanes LoadAlong(PanelCursor cursor, int row, Lanes vector, int count) =>
        new(cursor.Name, Position(cursor, row, vector), count, cursor.Access.ColumnStride);

    private void FinishInRegisters()
    {
        var shared = new Dictionary<(PanelCursor, int), Value>();
        for (var row = 0; row < shape.Rows; row++)
        {
            foreach (var vector in vectors)
            {
                var writer = new StageWriter(body, names) { Known = { [plan.Contract] = sums[(row, vector.Number)] } };
                Finish(writer, row, vector, cursor => ReadOnce(cursor, row, vector));
            }
        }

        // What does not depend on the row is read once for all rows.
        Value ReadOnce(PanelCursor cursor, int row, Lanes vector)
        {
            var value = Load(cursor, row, vector);
            if (plan.RowStride(cursor) != 0) return value;
            var key = (cursor, cursor.Access.ColumnStride == 0 ? -1 : vector.Number);
            if (shared.TryGetValue(key, out var known)) return known;
            var name = names.Unique(cursor.Name + (value.IsVector ? $"{vector.Number}" : "Value"));
            body.Add(new Declare(name, value, vector.Count));
            return shared[key] = new Variable(name, value.IsVector);
        }
    }

    /// <summary>Stores the raw sums where the first result belongs and goes over them, row by row or panel by panel, while they are in the cache.</summary>
    private void FinishInLoop()
    {
        var raw = plan.Results[0].Cursor;
        for (var row = 0; row < shape.Rows; row++)
        {
            foreach (var vector in vectors)
            {
                body.Add(new StoreLanes(raw.Name, Position(raw, row, vector), sums[(row, vector.Number)], vector.Count, raw.Access.ColumnStride));
            }
        }

        var inner = new List<Statement>();
        Index variable = names.Unique(shape.Panels > 1 ? "p" : "r");
        var atRow = shape.Panels > 1 ? 0 : variable;
        foreach (var vector in vectors.Take(shape.Vectors).Select(vector => shape.Panels > 1 ? vector with { Panel = variable } : vector))
        {
            var writer = new StageWriter(inner, names);
            var loaded = new LoadLanes(raw.Name, Position(raw, atRow, vector), vector.Count, raw.Access.ColumnStride);
            writer.Known[plan.Contract] = writer.Name(loaded, plan.Contract.Name, vector.Count);
            Finish(writer, atRow, vector, cursor => Load(cursor, atRow, vector));
        }

        body.Add(new Loop(variable.ToString(), 0, shape.Panels > 1 ? shape.Panels : shape.Rows, 1, inner));
    }

    private void Finish(StageWriter writer, Index row, Lanes vector, Func<PanelCursor, Value> read)
    {
        var column = (vector.Panel * Panels.Width) + vector.Start;
        var place = new StagePlace(
            operand => operand.Node is RandomNode random
                ? writer.Name(new RandomLanes(plan.Stream(random), plan.LogicalRow(row), ((Index)ContractPlan.Column + column) / Value.Lanes), random.Name, vector.Count)
                : read(plan.CursorOf(operand)),
            axis => plan.IndexAlong(axis, row, column));
        foreach (var map in plan.Stages) writer.Compute(map, place, vector.Count, !plan.Group.IsUsedOnce(map));
        foreach (var result in plan.Results)
        {
            var isPadded = result.Cursor.Access.Storage.Layout is Panels;
            var value = writer.Known[result.Node];
            if (isPadded && plan.Stages.Count > 0 && vector.Count < Value.Lanes) value = new KeepLanes(value, vector.Count, 0);
            writer.Statements.Add(new StoreLanes(
                result.Cursor.Name, Position(result.Cursor, row, vector), value, isPadded ? Value.Lanes : vector.Count, result.Cursor.Access.ColumnStride));
        }
    }

    private Index Position(PanelCursor cursor, Index row, Lanes vector) =>
        (row * plan.RowStride(cursor)) + ((vector.Panel * cursor.Access.PanelStride) + (vector.Start * cursor.Access.ColumnStride));

    private Value Load(PanelCursor cursor, Index row, Lanes vector) => cursor.Access.ColumnStride == 0
        ? new LoadScalar(cursor.Name, Position(cursor, row, vector), cursor.Access.Storage.Type)
        : new LoadLanes(cursor.Name, Position(cursor, row, vector), vector.Count, cursor.Access.ColumnStride);

    /// <summary>One logical vector of the tile: its panel, the lane of the panel it starts at, and how many of its lanes exist.</summary>
    private sealed record Lanes(int Number, Index Panel, int Start, int Count);
}

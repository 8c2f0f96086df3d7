using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// Writes the micro-kernel of a contraction: a tile of accumulators that stay in registers for the whole sum, followed by the group's pointwise stages. Every accumulator adds
/// its terms in the same order for any shape of the tile, so results do not depend on the shape.
/// </summary>
internal sealed class ContractTile
{
    private readonly ContractPlan plan;
    private readonly TileShape shape;
    private readonly RangeKind? kind;
    private readonly Names names;
    private readonly List<Statement> body = [];
    private readonly RegisterTile sums;
    private readonly IReadOnlyList<Lanes> vectors;
    private readonly IReadOnlyList<TileRow> rows;
    private bool loadsAhead;

    private ContractTile(ContractPlan plan, TileShape shape, RangeKind? kind)
    {
        this.plan = plan;
        this.shape = shape;
        this.kind = kind;
        names = new Names([.. plan.Cursors.Select(cursor => cursor.Name), .. plan.Integers.Select(integer => integer.Name), "seed", "number", "drawn"]) { ValueRole = "value" };
        rows = [.. Enumerable.Range(0, shape.Rows).SelectMany(row => Enumerable.Range(0, plan.Elements).Select(element =>
            new TileRow((row * plan.Elements) + element, row, plan.PositionRange is null ? element : 0, plan.PositionRange is null ? 0 : element)))];
        vectors = [.. Enumerable.Range(0, shape.Panels).SelectMany(panel => Enumerable.Range(0, shape.Vectors).Select(v =>
            new Lanes((panel * shape.Vectors) + v, panel, v * Value.Lanes, Math.Min(Value.Lanes, shape.Columns - (v * Value.Lanes)))))];
        sums = new RegisterTile("sum", rows.Count, vectors.Count, isVector: true);
    }

    /// <summary>Writes a tile.</summary>
    /// <param name="plan">What all tiles of the kernel share.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="kind">The kind of its ranges of positions; null if there are none.</param>
    /// <param name="name">Its name.</param>
    public static Function Build(ContractPlan plan, TileShape shape, RangeKind? kind, string name)
    {
        var function = FunctionTemplate.Instantiate(Write(plan, shape, kind, name, withCalls: false), plan.Sizes.All);
        if (plan.Epilogue is not { } epilogue || shape.Columns % (epilogue.Finish is null ? Value.Lanes : plan.TileColumns) != 0) return function;
        return function with { Template = FunctionTemplate.Of(Write(plan, shape, kind, name, withCalls: true), plan.Sizes.All) with { Epilogue = epilogue } };
    }

    /// <summary>Writes a tile with sizes as variables.</summary>
    private static Function Write(ContractPlan plan, TileShape shape, RangeKind? kind, string name, bool withCalls)
    {
        var tile = new ContractTile(plan, shape, kind);
        tile.loadsAhead = plan.Continues && plan.Summed.Count == 1 && (withCalls || plan.Ahead > 0);
        tile.DeclareSums();
        if (plan.Continues) tile.GoOn();
        tile.body.AddRange(tile.SumLoop(0, tile.rows));
        var remark = $"{tile.rows.Count} × {shape.Panels * shape.Columns} results in registers.";
        if (withCalls) return tile.WithCalls(name, remark);
        if (plan.Window is not null || plan.StageCost <= ContractEpilogue.UnrolledCost) tile.FinishInRegisters();
        else tile.FinishInLoop();
        var buffers = plan.Cursors.Select(cursor => new BufferParameter(cursor.Buffer, cursor.IsWritten)).ToArray();
        return new Function(name, remark, buffers, plan.Integers, tile.body);
    }

    private void DeclareSums()
    {
        body.Add(new DeclareTile(sums, new Broadcast(new Number(0)), [.. vectors.Select(vector => vector.Count)]));
    }

    /// <summary>Initializes the accumulators with the sums of earlier terms.</summary>
    private void GoOn()
    {
        var result = plan.Results[0].Cursor;
        Statement[] loads = [.. rows.SelectMany(row => vectors.Select(vector => new Assign(sums[row.Number, vector.Number], LoadAlong(result, row, vector, vector.Count), vector.Count)))];
        body.Add(new If(Condition.Less(0, ContractPlan.Earlier), loads, []));
    }

    /// <summary>Completes the tile with calls of the epilogue, as a function with the parameters of all tiles that can share it.</summary>
    private Function WithCalls(string name, string remark)
    {
        var epilogue = plan.Epilogue!;
        Buffer[] buffers = [.. epilogue.Parameters.Select(parameter => parameter.Buffer is { IsInt: false } own ? own : new Buffer(parameter.Name))];
        (Buffer, Index)[] arguments = [.. buffers.Select(buffer => (buffer, (Index)0))];
        Call CallOf(Function function, params Index[] integers) => new(function, arguments, [.. Epilogue.Integers, .. integers]);
        foreach (var row in rows)
        {
            var inner = plan.PositionRange is null ? (Index?)null : row.Position;
            foreach (var vector in vectors) body.Add(CallOf(epilogue.Store.Function, row.Row, inner ?? vector.Panel, vector.Start) with { Numbers = [sums[row.Number, vector.Number]] });
        }

        body.Add(CallOf(epilogue.FinishCall, shape.Rows, plan.PositionRange?.Length ?? shape.Panels, shape.Columns));
        BufferParameter[] parameters = [.. plan.Cursors.Take(2).Select(cursor => new BufferParameter(cursor.Buffer, false)), .. buffers.Select(buffer => new BufferParameter(buffer, true))];
        return new Function(name, remark, parameters, plan.Integers, body);
    }

    /// <summary>Writes the loops of the sum. After an inner loop the cursors return to where it started.</summary>
    private List<Statement> SumLoop(int depth, IReadOnlyList<TileRow> among)
    {
        var axis = plan.Summed[depth];
        if (kind is null || axis.Axis != plan.PositionRange!.Axis) return [new Loop(new IndexVariable(names.Unique(plan.SumNames[depth])), 0, plan.Sizes.Extent(depth), 1, Iteration(depth, among))];

        // Each element of the window is used for the positions of the range at which it exists.
        var statements = new List<Statement>();
        foreach (var part in kind.Parts)
        {
            var inside = among.Where(row => row.Position.Literal >= part.From && row.Position.Literal < part.To).ToArray();
            if (inside.Length == 0) statements.AddRange(Moves(operand => plan.Sizes.Step(depth, operand) * part.Count));
            else if (part.Count == 1) statements.AddRange(Iteration(depth, inside));
            else statements.Add(new Loop(new IndexVariable(names.Unique(plan.SumNames[depth])), 0, part.Count, 1, Iteration(depth, inside)));
        }

        return statements;
    }

    /// <summary>Writes one iteration of a loop of the sum, for some of the rows.</summary>
    private List<Statement> Iteration(int depth, IReadOnlyList<TileRow> among)
    {
        var statements = new List<Statement>();
        var isInnermost = depth == plan.Summed.Count - 1;
        if (isInnermost)
        {
            if (loadsAhead) statements.Add(LoadAhead());
            Accumulate(statements, among);
        }
        else statements.AddRange(SumLoop(depth + 1, among));
        statements.AddRange(Moves(operand => isInnermost ? plan.Sizes.Step(depth, operand) : plan.Sizes.StepBehind(depth, operand)));
        return statements;
    }

    /// <summary>Advances the cursors of both operands.</summary>
    private IEnumerable<Advance> Moves(Func<int, Index> by) =>
        Enumerable.Range(0, 2).Select(operand => new Advance(plan.Cursors[operand].Buffer, by(operand))).Where(move => move.By.Literal != 0);

    /// <summary>Loads the same term of the next block. A block with fewer terms is the last.</summary>
    private If LoadAhead()
    {
        var panel = plan.Sizes.Following(1);
        return new If(
            [Condition.Less(0, plan.Sizes.Ahead), Condition.Equal(ContractPlan.Count, plan.Sizes.Ahead)],
            [Prefetch.Line(plan.A.Buffer, plan.Sizes.Following(0)), .. vectors.Select(vector => Prefetch.Line(plan.B.Buffer, panel + (vector.Panel * plan.Sizes.PanelStride(plan.B)) + vector.Start))],
            []);
    }

    private void Accumulate(List<Statement> inner, IReadOnlyList<TileRow> among)
    {
        var columns = new Dictionary<int, Variable>();
        foreach (var vector in vectors)
        {
            var count = plan.B.Access.Storage.Layout is Panels ? Value.Lanes : vector.Count;
            var column = columns[vector.Number] = new Variable(names.Unique($"panel{vector.Number}"), true);
            inner.Add(new Declare(column, LoadAlong(plan.B, rows[0], vector, count), vector.Count));
        }

        foreach (var row in among)
        {
            if (plan.A.Access.ColumnStride != 0)
            {
                // If both operands advance along the lanes, each column is a product of its own, and there is no sum over channels.
                foreach (var vector in vectors)
                {
                    var sum = sums[row.Number, vector.Number];
                    inner.Add(new Assign(sum, new MultiplyAdd(LoadAlong(plan.A, row, vector, vector.Count), columns[vector.Number], sum), vector.Count));
                }

                continue;
            }

            var value = new Variable(names.Unique($"row{row.Number}"), true);
            inner.Add(new Declare(value, new Broadcast(new LoadScalar(plan.A.Buffer, At(plan.A, row))), vectors.Max(vector => vector.Count)));
            foreach (var vector in vectors)
            {
                var sum = sums[row.Number, vector.Number];
                inner.Add(new Assign(sum, new MultiplyAdd(value, columns[vector.Number], sum), vector.Count));
            }
        }
    }

    private LoadLanes LoadAlong(PanelCursor cursor, TileRow row, Lanes vector, int count) =>
        new(cursor.Buffer, Position(cursor, row, vector), count, cursor.Access.ColumnStride);

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
                    var writer = new StageWriter(body, names) { Known = { [plan.Contract] = sums[row.Number, vector.Number] } };
                    elements.Add(writer);
                    Finish(writer, row, vector, cursor => ReadOnce(cursor, row, vector));
                }

                if (plan.Window is not null) FinishWindow(elements, window.First(), vector, (cursor, row) => ReadOnce(cursor, row, vector));
            }
        }

        // Operands that do not depend on the row are read once for all rows.
        Value ReadOnce(PanelCursor cursor, TileRow row, Lanes vector)
        {
            var value = Load(cursor, row, vector);
            if (plan.RowStride(cursor) != 0 || plan.RangeStride(cursor) != 0 || rows.Any(other => plan.ElementOffset(cursor, other.Element) != 0)) return value;
            var key = (cursor, cursor.Access.ColumnStride == 0 ? -1 : vector.Number);
            if (shared.TryGetValue(key, out var known)) return known;
            var variable = new Variable(names.Unique(cursor.Name + (value.IsVector ? $"{vector.Number}" : "Value")), value.IsVector);
            body.Add(new Declare(variable, value, vector.Count));
            return shared[key] = variable;
        }
    }

    /// <summary>Computes the reductions of a whole window, element by element in row-major order, and the stages on their results.</summary>
    private void FinishWindow(List<StageWriter> elements, TileRow row, Lanes vector, Func<PanelCursor, TileRow, Value> read)
    {
        var writer = new StageWriter(body, names);
        foreach (var node in plan.Pooled)
        {
            if (node is MapNode map) writer.Compute(map, ContextOf(node, row), vector.Count, !plan.Group.IsUsedOnce(map));
            else writer.Known[node] = writer.Name(Reduced((ReduceNode)node), node.Name, vector.Count);
        }

        StoreResults(plan.Results.Where(result => plan.Pooled.Contains(result.Node)), writer, row, vector);

        StageContext ContextOf(Node reader, TileRow at) => new(
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
                    : elements[element].Read(operand, ContextOf(reduce, row with { Element = element }), isCompound: true, vector.Count);
            }
        }
    }

    /// <summary>Stores the sums in the buffer of the first result. Then applies the stages to them, row by row or panel by panel, while they are in the cache.</summary>
    private void FinishInLoop()
    {
        var raw = plan.Results[0].Cursor;
        foreach (var row in rows)
        {
            foreach (var vector in vectors)
            {
                body.Add(new StoreLanes(raw.Buffer, Position(raw, row, vector), sums[row.Number, vector.Number], vector.Count, raw.Access.ColumnStride));
            }
        }

        var inner = new List<Statement>();
        var variable = new IndexVariable(names.Unique(shape.Panels > 1 ? "p" : "r"));
        var position = plan.PositionRange is null ? null : new IndexVariable(names.Unique("position"));
        var atRow = new TileRow(0, shape.Panels > 1 ? 0 : variable, 0, position ?? (Index)0);
        foreach (var vector in vectors.Take(shape.Vectors).Select(vector => shape.Panels > 1 ? vector with { Panel = variable } : vector))
        {
            var writer = new StageWriter(inner, names);
            var loaded = new LoadLanes(raw.Buffer, Position(raw, atRow, vector), vector.Count, raw.Access.ColumnStride);
            writer.Known[plan.Contract] = writer.Name(loaded, plan.Contract.Name, vector.Count);
            Finish(writer, atRow, vector, cursor => Load(cursor, atRow, vector));
        }

        if (plan.PositionRange is { } range) inner = [new Loop(position!, 0, range.Length, 1, inner)];
        body.Add(new Loop(variable, 0, shape.Panels > 1 ? shape.Panels : shape.Rows, 1, inner));
    }

    /// <summary>Computes the stages of one element and stores its results.</summary>
    private void Finish(StageWriter writer, TileRow row, Lanes vector, Func<PanelCursor, Value> read)
    {
        var column = (vector.Panel * Panels.Width) + vector.Start;
        foreach (var map in plan.Stages)
        {
            var context = new StageContext(
                operand => operand.Node is RandomNode random
                    ? writer.Name(new RandomLanes(plan.Stream(random), plan.LogicalRow(row), (ContractPlan.Column + column) / Value.Lanes), random.Name, vector.Count)
                    : read(plan.CursorOf(map, operand)),
                axis => plan.IndexAlong(axis, row, column));
            writer.Compute(map, context, vector.Count, !plan.Group.IsUsedOnce(map));
        }

        StoreResults(plan.Results.Where(result => !plan.Pooled.Contains(result.Node)), writer, row, vector);
    }

    private void StoreResults(IEnumerable<PanelResult> results, StageWriter writer, TileRow row, Lanes vector)
    {
        foreach (var result in results)
        {
            var isPadded = result.Cursor.Access.Storage.Layout is Panels;
            var value = writer.Known[result.Node];
            if (isPadded && plan.Stages.Count > 0 && vector.Count < Value.Lanes) value = new MaskLanes(value, vector.Count, 0);
            writer.Statements.Add(new StoreLanes(
                result.Cursor.Buffer, Position(result.Cursor, row, vector), value, isPadded ? Value.Lanes : vector.Count, result.Cursor.Access.ColumnStride));
        }
    }

    private Index At(PanelCursor cursor, TileRow row) =>
        (row.Row * plan.Sizes.RowStride(cursor)) + (row.Position * plan.Sizes.PositionStride(cursor)) + plan.Sizes.ElementOffset(cursor, row.Element);

    private Index Position(PanelCursor cursor, TileRow row, Lanes vector) =>
        At(cursor, row) + ((vector.Panel * plan.Sizes.PanelStride(cursor)) + (vector.Start * cursor.Access.ColumnStride));

    private Value Load(PanelCursor cursor, TileRow row, Lanes vector) => cursor.Access.ColumnStride == 0
        ? new LoadScalar(cursor.Buffer, Position(cursor, row, vector))
        : new LoadLanes(cursor.Buffer, Position(cursor, row, vector), vector.Count, cursor.Access.ColumnStride);

    /// <summary>One logical vector of the tile: its panel, its first lane in the panel, and the number of its lanes that exist.</summary>
    private sealed record Lanes(int Number, Index Panel, int Start, int Count);
}

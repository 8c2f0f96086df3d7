using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>The pointwise stages of a contraction as functions, which the tiles of many contractions can call.</summary>
/// <param name="plan">The contraction.</param>
internal sealed class ContractEpilogue(ContractPlan plan)
{
    /// <summary>If the cost of the stages per vector is greater, they run in a loop over the finished tile. Otherwise they are unrolled over its accumulators.</summary>
    public const int UnrolledCost = 6;

    private readonly IReadOnlyList<PanelCursor> cursors = [.. plan.Cursors.Where(cursor => cursor != plan.A && cursor != plan.B)];

    /// <summary>The epilogue of a contraction; null if it depends on more than its operands and the row and column, or if lanes are not adjacent.</summary>
    public static Epilogue? Of(ContractPlan plan)
    {
        var isIndexed = plan.Stages.Any(stage => ExprWalk.All(stage.Body).Any(expr => expr is AxisIndex));
        if (plan.Window is not null || plan.Streams.Count > 0 || (isIndexed && plan.Outer.Count > 0)) return null;
        var epilogue = new ContractEpilogue(plan);
        return epilogue.cursors.Any(cursor => cursor.Access.ColumnStride is not (0 or 1)) ? null : epilogue.Write();
    }

    private Epilogue Write()
    {
        var isUnrolled = plan.StageCost <= UnrolledCost;
        var store = FunctionTemplate.Of(Store(isUnrolled), plan.Sizes.All);
        var finish = isUnrolled ? null : FunctionTemplate.Of(Finish(), plan.Sizes.All);
        return new Epilogue(store, finish, [.. Buffers(isWritten: false)], [.. Buffers(isWritten: true)]);
    }

    private IEnumerable<Buffer> Buffers(bool isWritten) => cursors.Where(cursor => cursor.IsWritten == isWritten).Select(cursor => cursor.Buffer);

    /// <summary>Computes the stages of sixteen sums, or only stores them.</summary>
    private Function Store(bool withStages)
    {
        var body = new List<Statement>();
        var sum = new Variable("sum", true);
        if (withStages) Stages(body, NamesOf([sum.Name]), sum, Epilogue.AtRow, Epilogue.AtInner, Epilogue.AtColumn);
        else body.Add(new StoreLanes(plan.Results[0].Cursor.Buffer, At(plan.Results[0].Cursor, Epilogue.AtRow, Epilogue.AtInner, Epilogue.AtColumn), sum, Value.Lanes));
        return Function("Store", [Epilogue.AtRow, Epilogue.AtInner, Epilogue.AtColumn], body) with { Numbers = [sum] };
    }

    /// <summary>Computes the stages of stored sums, row by row.</summary>
    private Function Finish()
    {
        var (row, inner, first) = (new IndexVariable("r"), new IndexVariable("inner"), new IndexVariable("c"));
        var body = new List<Statement>();
        var names = NamesOf([row.Name, inner.Name, first.Name]);
        var isPanel = plan.TileColumns == Memory.Panels.Width;
        for (var vector = 0; vector < plan.TileColumns; vector += Value.Lanes)
        {
            var column = isPanel ? vector : first + vector;
            Stages(body, names, new LoadLanes(plan.Results[0].Cursor.Buffer, At(plan.Results[0].Cursor, row, inner, column), Value.Lanes), row, inner, column);
        }

        if (!isPanel) body = [new Loop(first, 0, Epilogue.Extents[2], plan.TileColumns, body)];
        body = [new Loop(inner, 0, Epilogue.Extents[1], 1, body)];
        return Function("Finish", Epilogue.Extents, [new Loop(row, 0, Epilogue.Extents[0], 1, body)]);
    }

    private Function Function(string name, IEnumerable<IndexVariable> integers, IReadOnlyList<Statement> body) =>
        new(name, "", [.. cursors.Select(cursor => new BufferParameter(cursor.Buffer, cursor.IsWritten))], [.. Epilogue.Integers, .. integers], body) { IsOfEpilogue = true };

    private Names NamesOf(IEnumerable<string> taken) =>
        new([.. Epilogue.Integers.Concat(Epilogue.Extents).Select(integer => integer.Name), .. cursors.Select(cursor => cursor.Name), .. taken]) { ValueRole = "value" };

    private void Stages(List<Statement> body, Names names, Value sums, Index row, Index inner, Index column)
    {
        var writer = new StageWriter(body, names);
        writer.Known[plan.Contract] = sums is Variable ? sums : writer.Name(sums, plan.Contract.Name);
        var at = new TileRow(0, row, 0, plan.PositionRange is null ? 0 : inner);
        var columnOfTile = plan.PositionRange is null ? (inner * Memory.Panels.Width) + column : column;
        foreach (var map in plan.Stages)
        {
            writer.Compute(map, new StageContext(operand => Load(plan.CursorOf(map, operand)), axis => plan.IndexAlong(axis, at, columnOfTile)), Value.Lanes, !plan.Group.IsUsedOnce(map));
        }

        foreach (var result in plan.Results) body.Add(new StoreLanes(result.Cursor.Buffer, At(result.Cursor, row, inner, column), writer.Known[result.Node], Value.Lanes));

        Value Load(PanelCursor cursor) => cursor.Access.ColumnStride == 0
            ? new LoadScalar(cursor.Buffer, At(cursor, row, inner, column)) : new LoadLanes(cursor.Buffer, At(cursor, row, inner, column), Value.Lanes);
    }

    private Index At(PanelCursor cursor, Index row, Index inner, Index column) =>
        (row * plan.Sizes.RowStride(cursor)) + (inner * plan.Sizes.InnerStride(cursor)) + (column * cursor.Access.ColumnStride);
}

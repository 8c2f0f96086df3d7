using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>The pointwise stages of a contraction for sixteen sums, as a function of its own. Its arguments are the sums, and each operand and result at the position of the sums.</summary>
internal static class ContractEpilogue
{
    /// <summary>The epilogue of a contraction; null if there is none, or if it depends on anything but its operands.</summary>
    public static Function? Of(ContractPlan plan)
    {
        var cursors = plan.Cursors.Where(cursor => cursor != plan.A && cursor != plan.B).ToArray();
        var isIndexed = plan.Stages.Any(stage => ExprWalk.All(stage.Body).Any(expr => expr is AxisIndex));
        if (plan.Window is not null || plan.Stages.Count == 0 || plan.Streams.Count > 0 || isIndexed) return null;
        if (cursors.Any(cursor => cursor.Access.ColumnStride is not (0 or 1))) return null;
        var body = new List<Statement>();
        var names = new Names([KernelBuilder.BatchSize.Name, "sum", .. cursors.Select(cursor => cursor.Name)]) { ValueRole = "value" };
        var sum = new Variable("sum", true);
        var writer = new StageWriter(body, names) { Known = { [plan.Contract] = sum } };
        foreach (var map in plan.Stages)
        {
            var context = new StageContext(operand => Load(plan.CursorOf(map, operand)), _ => throw new NotSupportedException($"'{map.Name}' asks for its index."));
            writer.Compute(map, context, Value.Lanes, !plan.Group.IsUsedOnce(map));
        }

        foreach (var result in plan.Results) body.Add(new StoreLanes(result.Cursor.Buffer, 0, writer.Known[result.Node], Value.Lanes));
        return new Function("Store", "", [.. cursors.Select(cursor => new BufferParameter(cursor.Buffer, cursor.IsWritten))], [KernelBuilder.BatchSize], body)
        {
            Numbers = [sum],
            LaneStrides = [.. cursors.Select(cursor => cursor.Access.ColumnStride)],
        };
    }

    private static Value Load(PanelCursor cursor) =>
        cursor.Access.ColumnStride == 0 ? new LoadScalar(cursor.Buffer, 0) : new LoadLanes(cursor.Buffer, 0, Value.Lanes);
}

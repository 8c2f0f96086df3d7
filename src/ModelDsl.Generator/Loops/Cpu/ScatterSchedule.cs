using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// Rows added into a table: work is split over slices of columns, so that every element has one writer, and each slice goes over the positions in
/// ascending order.
/// </summary>
internal static class ScatterSchedule
{
    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group)
    {
        var scatter = (ScatterAddNode)group.Anchor;
        var kernel = new KernelBuilder();
        var (rows, columns) = (scatter.Shape[0].Value, scatter.Shape[1].Value);
        var ids = Access.Of(Operand.Whole(scatter.Ids), scatter.Ids.Shape.Rank, storages.Of);
        var source = Access.Of(Operand.Whole(scatter.Source), scatter.Source.Shape.Rank, storages.Of);
        var isPlain = ids.Strides.SequenceEqual(Strided.RowMajor(scatter.Ids.Shape).Strides)
            && source.Strides.SequenceEqual(Strided.RowMajor(scatter.Source.Shape).Strides);
        if (!isPlain || storages.Of(scatter).Layout is not Strided) throw new NotSupportedException($"'{scatter.Name}' adds from or to a view.");

        var from = kernel.Read(source.Storage);
        var at = kernel.Read(ids.Storage);
        var table = kernel.Write(storages.Of(scatter));
        Index positions = scatter.Ids.Shape.HasBatch ? (Index)KernelBuilder.BatchSize * scatter.Ids.Shape.Length : scatter.Ids.Shape.Length;
        var column = (Index)"slice" * Value.Lanes;
        Index count = columns % Value.Lanes == 0 ? Value.Lanes : Index.Min(Value.Lanes, columns - column);
        var sum = new Variable("sum", true);
        var place = ((Index)"id" * columns) + column;
        var body = new Loop("slice", "from", "to", 1,
        [
            new Loop("row", 0, rows, 1, [new StoreLanes(table, ((Index)"row" * columns) + column, new Spread(new Number(0)), count)]),
            new Loop("position", 0, positions, 1,
            [
                new LoadIndex("id", at, (Index)"position" + ids.Base),
                new Declare(sum.Name, new Operation(ScalarOp.Add,
                    [new LoadLanes(table, place, count), new LoadLanes(from, ((Index)"position" * columns) + column + source.Base, count)])),
                new StoreLanes(table, place, sum, count),
            ]),
        ]);
        return [kernel.Build(Names.Pascal(scatter.Name), Formulas.Of(group), [body], [], new Range((columns + Value.Lanes - 1) / Value.Lanes))];
    }
}

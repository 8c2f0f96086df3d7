using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// Adds rows to a table. Work is divided by slices of columns, so that every element has one writer. Each slice processes the positions in ascending order. Of a sparse table only the
/// rows that are named are cleared.
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
        if (storages.Of(scatter).Layout is not Strided) throw new NotSupportedException($"'{scatter.Name}' lies in panels.");

        // The positions in row-major order. Axes along which both operands have even strides share a loop.
        var shape = scatter.Ids.Shape;
        var axes = LoopAxes.Merge(shape, Enumerable.Range(0, shape.Rank), [ids.Strides, [.. source.Strides.Take(shape.Rank)]]);
        var along = source.Strides[shape.Rank];
        IndexVariable[] positions = [.. axes.Select((_, depth) => new IndexVariable(axes.Count == 1 ? "position" : $"position{depth}"))];
        Index At(IReadOnlyList<int> strides, int start)
        {
            Index position = start;
            for (var depth = 0; depth < axes.Count; depth++) position += positions[depth] * strides[axes[depth].Axis];
            return position;
        }

        var from = kernel.Read(source.Storage);
        var at = kernel.Read(ids.Storage);
        var table = kernel.Write(storages.Of(scatter));
        var (slice, row, id) = (new IndexVariable("slice"), new IndexVariable("row"), new IndexVariable("id"));
        var column = slice * Value.Lanes;
        Index count = columns % Value.Lanes == 0 ? Value.Lanes : Index.Min(Value.Lanes, columns - column);
        var sum = new Variable("sum", true);
        var position = (id * columns) + column;
        IReadOnlyList<Statement> add =
        [
            new LoadIndex(id, at, At(ids.Strides, ids.Base)),
            new Declare(sum, new Operation(ScalarOp.Add,
                [new LoadLanes(table, position, count), new LoadLanes(from, At(source.Strides, source.Base) + (column * along), count, along)])),
            new StoreLanes(table, position, sum, count),
        ];
        IReadOnlyList<Statement> Each(IReadOnlyList<Statement> body)
        {
            for (var depth = axes.Count - 1; depth >= 0; depth--) body = [new Loop(positions[depth], 0, axes[depth].Size, 1, body)];
            return body;
        }

        IReadOnlyList<Statement> Clear(Index at) => [new StoreLanes(table, (at * columns) + column, new Broadcast(new Number(0)), count)];
        var body = new Loop(slice, Range.From, Range.To, 1,
        [
            .. storages.Of(scatter).IsSparse ? Each([new LoadIndex(id, at, At(ids.Strides, ids.Base)), .. Clear(id)]) : [new Loop(row, 0, rows, 1, Clear(row))],
            .. Each(add),
        ]);
        return [kernel.Build(Names.Method(scatter.Name), Formulas.Of(group), [body], [], new Range((columns + Value.Lanes - 1) / Value.Lanes))];
    }
}

using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Adds rows to a table. A group of threads computes one row of the table, one column per thread. Every element has one writer, which reads the positions in ascending order and
/// adds those of its row. No atomic operation is needed, and the bits are always the same.
/// </summary>
internal static class ScatterSchedule
{
    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group)
    {
        var scatter = (ScatterAddNode)group.Anchor;
        var kernel = new KernelBuilder();
        var (rows, columns) = (scatter.Shape[0].Value, scatter.Shape[1].Value);
        var shape = scatter.Source.Shape;
        var ids = ElementAccess.Of(Operand.Whole(scatter.Ids), shape.Rank, storages.Of);
        var source = ElementAccess.Of(Operand.Whole(scatter.Source), shape.Rank, storages.Of);
        var positions = new Flattening(shape, Enumerable.Range(0, shape.Rank - 1), [ids, source]);
        var (from, at) = (kernel.Read(source.Storage), kernel.Read(ids.Storage));

        var sum = new Variable("sum", false);
        var (position, column, id) = (new IndexVariable("position"), new IndexVariable("column"), new IndexVariable("id"));
        var body = new List<Statement>();
        var indices = Enumerable.Repeat((Index)0, shape.Rank).ToArray();
        positions.Decode(position, indices, body, kernel.Names, "position");
        indices[shape.Rank - 1] = column;
        body.Add(new LoadIndex(id, at, ids.At(indices)));
        body.Add(new If(
            [Condition.Equal(id, ThreadGroups.Group)],
            [new Assign(sum, new Operation(ScalarOp.Add, [sum, new LoadScalar(from, source.At(indices))]))]));
        var target = new Point(kernel, storages, [ThreadGroups.Group, column]);
        var threads = columns <= 32 ? 32 : columns <= 64 ? 64 : columns <= 128 ? 128 : GpuSchedule.Threads;
        var columnLoop = new Loop(column, ThreadGroups.Thread, columns, threads,
        [
            new Declare(sum, new Number(0), Mutable: true),
            new Loop(position, 0, positions.Size, 1, body),
            target.Store(scatter, IndexMap.Identity(2), sum),
        ]);
        return [kernel.Build(
            Names.Method(scatter.Name), [.. Formulas.Of(group), $"A group of {threads} threads per row of the table, a thread per column."], [columnLoop], [],
            new ThreadGroups(rows, threads))];
    }
}

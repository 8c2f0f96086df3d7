using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// Copies rows to their positions in a buffer of a session. Work is divided by samples, because rows of one sample may have the same position. Rows are written from the last to
/// the first, so that the first of those is kept.
/// </summary>
internal static class CacheSchedule
{
    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group)
    {
        var cache = (CacheNode)group.Anchor;
        var kernel = new KernelBuilder();
        var (shape, last) = (cache.Rows.Shape, cache.Shape.Rank - 1);
        var rows = Access.Of(Operand.Whole(cache.Rows), shape.Rank, storages.Of);
        var positions = Access.Of(Operand.Whole(cache.Positions), 2, storages.Of);
        var strides = Strided.RowMajor(cache.Shape).Strides;
        var (from, at, to) = (kernel.Read(rows.Storage), kernel.Read(positions.Storage), kernel.Write(storages.Of(cache)));

        IndexVariable[] indices = [.. Enumerable.Range(0, shape.Rank).Select(axis => new IndexVariable(
            axis == 0 ? "sample" : axis == cache.Axis ? "row" : axis == last ? "column" : kernel.Names.Unique($"index{axis}")))];
        var id = new IndexVariable("position");
        var count = shape[cache.Axis].Value;
        var row = count == 1 ? indices[cache.Axis] : count - 1 - (Index)indices[cache.Axis];
        Index source = rows.Base;
        Index target = 0;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            source += (axis == cache.Axis ? row : indices[axis]) * rows.Strides[axis];
            target += (axis == cache.Axis ? id : indices[axis]) * strides[axis];
        }

        IReadOnlyList<Statement> body = cache.Axis == last
            ? [new StoreScalar(to, target, new LoadScalar(from, source))]
            : LaneLoops.Over(indices[last], shape[last].Value, lanes => new StoreLanes(to, target, new LoadLanes(from, source, lanes, rows.Strides[last]), lanes));
        for (var axis = last - 1; axis > cache.Axis; axis--) body = [new Loop(indices[axis], 0, shape[axis].Value, 1, body)];
        body =
        [
            new Loop(indices[cache.Axis], 0, count, 1,
            [
                new LoadIndex(id, at, (indices[0] * positions.Strides[0]) + (row * positions.Strides[1]) + positions.Base),
                .. body,
            ]),
        ];
        for (var axis = cache.Axis - 1; axis > 0; axis--) body = [new Loop(indices[axis], 0, shape[axis].Value, 1, body)];
        return [kernel.Build(Names.Method(group.Name), Formulas.Of(group), [new Loop(indices[0], Range.From, Range.To, 1, body)], [], new Range(KernelBuilder.BatchSize))];
    }
}

using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Copies rows to their positions in a buffer of a session. Work is divided by samples, because rows of one sample may have the same position.</summary>
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
        Index source = rows.Base;
        Index target = 0;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            source += indices[axis] * rows.Strides[axis];
            target += (axis == cache.Axis ? id : indices[axis]) * strides[axis];
        }

        IReadOnlyList<Statement> body = cache.Axis == last
            ? [new StoreScalar(to, target, new LoadScalar(from, source))]
            : Lanes();
        for (var axis = last - 1; axis > cache.Axis; axis--) body = [new Loop(indices[axis], 0, shape[axis].Value, 1, body)];
        body =
        [
            new Loop(indices[cache.Axis], 0, shape[cache.Axis].Value, 1,
            [
                new LoadIndex(id, at, (indices[0] * positions.Strides[0]) + (indices[cache.Axis] * positions.Strides[1]) + positions.Base),
                .. body,
            ]),
        ];
        for (var axis = cache.Axis - 1; axis > 0; axis--) body = [new Loop(indices[axis], 0, shape[axis].Value, 1, body)];
        return [kernel.Build(Names.Method(group.Name), Formulas.Of(group), [new Loop(indices[0], Range.From, Range.To, 1, body)], [], new Range(KernelBuilder.BatchSize))];

        IReadOnlyList<Statement> Lanes()
        {
            var width = shape[last].Value;
            var whole = width / Value.Lanes * Value.Lanes;
            Loop Part(int start, int end, int lanes) =>
                new(indices[last], start, end, Value.Lanes, [new StoreLanes(to, target, new LoadLanes(from, source, lanes, rows.Strides[last]), lanes)]);
            return [.. whole > 0 ? [Part(0, whole, Value.Lanes)] : Array.Empty<Statement>(), .. whole < width ? [Part(whole, width, width - whole)] : Array.Empty<Statement>()];
        }
    }
}

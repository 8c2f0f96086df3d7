using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Reads one row of a session's buffer for each sample: the row before its first position, or the initial value.</summary>
internal static class RecallSchedule
{
    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group)
    {
        var recall = (RecallNode)group.Anchor;
        var kernel = new KernelBuilder();
        var (shape, last) = (recall.Shape, recall.Shape.Rank - 1);
        var positions = Access.Of(Operand.Whole(recall.Positions), 2, storages.Of);
        var at = kernel.Read(positions.Storage);
        var kept = kernel.Read(storages.Kept(recall));
        var literal = recall.Start is MapNode { Operands.Count: 0, Body: Constant constant } ? new Number(constant.Value) : null;
        var start = literal is null ? Access.Of(Operand.Whole(recall.Start), shape.Rank, storages.Of) : null;
        var from = start is null ? null : kernel.Read(start.Storage);
        var to = kernel.Write(storages.Of(recall));

        IndexVariable[] indices = [.. Enumerable.Range(0, shape.Rank).Select(axis => new IndexVariable(axis == 0 ? "sample" : axis == last ? "column" : kernel.Names.Unique($"index{axis}")))];
        var position = new IndexVariable("position");
        var strides = Strided.RowMajor(shape).Strides;
        Index Sum(IReadOnlyList<int> strides, int first) =>
            Enumerable.Range(first, shape.Rank - first).Aggregate((Index)0, (sum, axis) => sum + (indices[axis] * strides[axis]));
        var before = (indices[0] * (shape.Length * recall.Length)) + ((position - 1) * shape.Length) + Sum(strides, 1);

        // In the order of the axes, the last of which is in lanes.
        IReadOnlyList<Statement> Copy(Func<int, Value> value)
        {
            var body = LaneLoops.Over(indices[last], shape[last].Value, lanes => new StoreLanes(to, Sum(strides, 0), value(lanes), lanes));
            for (var axis = last - 1; axis > 0; axis--) body = [new Loop(indices[axis], 0, shape[axis].Value, 1, body)];
            return body;
        }

        IReadOnlyList<Statement> statements =
        [
            new LoadIndex(position, at, (indices[0] * positions.Strides[0]) + positions.Base),
            new If(
                Condition.Equal(position, 0),
                Copy(lanes => start is null ? new Broadcast(literal!) : new LoadLanes(from!, Sum(start.Strides, 0) + start.Base, lanes, start.Strides[last])),
                Copy(lanes => new LoadLanes(kept, before, lanes))),
        ];
        return [kernel.Build(Names.Method(group.Name), Formulas.Of(group), [new Loop(indices[0], Range.From, Range.To, 1, statements)], [], new Range(KernelBuilder.BatchSize))];
    }
}

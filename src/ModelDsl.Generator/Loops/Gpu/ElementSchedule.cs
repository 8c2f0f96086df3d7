using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>Pointwise operations and gathers. Every thread computes four elements at a distance of the width of the group, so that adjacent threads access adjacent elements.</summary>
internal static class ElementSchedule
{
    private const int PerThread = 4;

    /// <summary>Whether all members have the same shape and none of them combines elements.</summary>
    public static bool Applies(Group group) => group.Members.All(member => member is MapNode or GatherNode && member.Shape == group.Anchor.Shape);

    public static Launch Build(StorageMap storages, Group group)
    {
        var kernel = new KernelBuilder();
        var shape = group.Anchor.Shape;
        var accesses = Operands.Of(group, shape.Rank, storages.Of);
        foreach (var gather in group.Members.OfType<GatherNode>()) kernel.Read(storages.Of(gather.Table));
        foreach (var access in accesses.Take(accesses.Count - group.Stored.Count)) kernel.Read(access.Storage);
        foreach (var node in group.Stored) kernel.Write(storages.Of(node));
        var isIndexed = Operands.AsksForIndex(group.Members) || group.Members.Any(member => member is GatherNode);
        var flattening = new Flattening(shape, Enumerable.Range(0, shape.Rank), accesses, _ => isIndexed);

        var body = new List<Statement>();
        var element = new IndexVariable(kernel.Names.Unique("element"));
        var indices = Enumerable.Repeat((Index)0, shape.Rank).ToArray();
        flattening.Decode(element, indices, body, kernel.Names, "index");
        var writer = new StageWriter(body, kernel.Names);
        var point = new Point(kernel, storages, indices);
        var isVector = shape.Rank < 2;
        var context = point.Context(writer, isVector ? 0 : element / shape[shape.Rank - 1].Value, isVector ? element : element % shape[shape.Rank - 1].Value);
        foreach (var member in group.Members)
        {
            if (member is GatherNode gather) writer.Known[gather] = Gathered(gather, writer, indices);
            else writer.Compute((MapNode)member, context, isNamed: !group.IsUsedOnce(member));
        }

        body.AddRange(group.Stored.Select(node => point.Store(node, IndexMap.Identity(shape.Rank), writer.Known[node])));
        const int Width = PerThread * GpuSchedule.Threads;
        var start = ThreadGroups.Group * Width;
        var loop = new Loop(
            element, start + ThreadGroups.Thread, Index.Min(start + Width, flattening.Size), GpuSchedule.Threads, body);
        return kernel.Build(
            Names.Method(group.Name), [.. Formulas.Of(group), $"Groups of {GpuSchedule.Threads} threads, {PerThread} elements per thread."], [loop], [],
            new ThreadGroups(Index.CeilingDivide(flattening.Size, Width), GpuSchedule.Threads));

        Value Gathered(GatherNode gather, StageWriter at, Index[] position)
        {
            var id = new IndexVariable(kernel.Names.Unique(gather.Ids.Name + "Id"));
            var ids = ElementAccess.Of(Operand.Whole(gather.Ids), shape.Rank, storages.Of);
            at.Statements.Add(new LoadIndex(id, kernel.Read(ids.Storage), ids.At(position)));
            return at.Name(new LoadScalar(kernel.Read(storages.Of(gather.Table)), (id * gather.Table.Shape[1].Value) + position[shape.Rank - 1]), gather.Name);
        }
    }
}

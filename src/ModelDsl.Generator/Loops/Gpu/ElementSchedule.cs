using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Pointwise operations and gathers. Every thread computes four elements: adjacent ones, if four elements of each value are known to be adjacent and aligned in memory, and otherwise elements at a distance of the width of the
/// group. In both cases adjacent threads access adjacent memory.
/// </summary>
internal sealed class ElementSchedule
{
    private const int PerThread = BlockTile.QuadSize;
    private const int Width = PerThread * GpuSchedule.Threads;

    private readonly StorageMap storages;
    private readonly Group group;
    private readonly Shape shape;
    private readonly KernelBuilder kernel = new();
    private readonly IReadOnlyList<ElementAccess> accesses;
    private readonly Flattening flattening;

    private ElementSchedule(StorageMap storages, Group group)
    {
        (this.storages, this.group, shape) = (storages, group, group.Anchor.Shape);
        accesses = Operands.Of(group, shape.Rank, storages.Of);
        foreach (var gather in group.Members.OfType<GatherNode>()) kernel.Read(storages.Of(gather.Table));
        foreach (var access in accesses.Take(accesses.Count - group.Stored.Count)) kernel.Read(access.Storage);
        foreach (var node in group.Stored) kernel.Write(storages.Of(node));
        var isIndexed = Operands.AsksForIndex(group.Members) || group.Members.Any(member => member is GatherNode);
        flattening = new Flattening(shape, Enumerable.Range(0, shape.Rank), accesses, _ => isIndexed);
    }

    /// <summary>Whether all members have the same shape and none of them combines elements.</summary>
    public static bool Applies(Group group) => group.Members.All(member => member is MapNode or GatherNode && member.Shape == group.Anchor.Shape);

    public static Launch Build(StorageMap storages, Group group) => new ElementSchedule(storages, group).Build();

    /// <summary>
    /// Whether each thread computes four adjacent elements. If some value is not read or written four elements at a time, adjacent threads would access memory that is further apart than without quads.
    /// </summary>
    private bool IsInQuads()
    {
        if (flattening.InnermostSize.DividedBy(PerThread) is null) return false;
        var indices = Decode(new IndexVariable("quad"), [], new Names(), PerThread);
        var tables = group.Members.OfType<GatherNode>().Select(gather => storages.Of(gather.Table));

        // Random numbers of a thread are in one row.
        var isRowOfQuads = shape.Rank < 2 || shape[shape.Rank - 1].Value % PerThread == 0;
        return accesses.All(access => !access.DependsOn(flattening.Innermost) || access.QuadAt(indices, flattening.Innermost) is not null)
            && tables.All(table => table.Type == ElementType.Float)
            && (isRowOfQuads || !group.Members.SelectMany(member => member.Operands).Any(operand => operand.Node is RandomNode));
    }

    private Index[] Decode(Index number, List<Statement> statements, Names names, int width)
    {
        var indices = Enumerable.Repeat((Index)0, shape.Rank).ToArray();
        flattening.Decode(number, indices, statements, names, "index", width);
        return indices;
    }

    private Launch Build()
    {
        var isInQuads = IsInQuads();
        var (statements, body) = (new List<Statement>(), new List<Statement>());
        var number = new IndexVariable(kernel.Names.Unique(isInQuads ? "quad" : "element"));
        var indices = Decode(number, body, kernel.Names, isInQuads ? PerThread : 1);
        var views = new QuadViews(kernel, statements);
        var point = isInQuads ? new QuadPoint(kernel, storages, indices, flattening.Innermost, views) : new Point(kernel, storages, indices);
        Stages(body, point, isInQuads ? number * PerThread : number, gather => Gathered(gather, body, indices, isInQuads ? views : null));

        var start = ThreadGroups.Group * Width;
        if (isInQuads)
        {
            statements.Add(new DeclareIndex(number, (ThreadGroups.Group * GpuSchedule.Threads) + ThreadGroups.Thread));
            statements.Add(new If([Condition.Less(number, flattening.Size.DividedBy(PerThread)!)], body));
        }
        else
        {
            statements.Add(new Loop(number, start + ThreadGroups.Thread, Index.Min(start + Width, flattening.Size), GpuSchedule.Threads, body));
        }

        return kernel.Build(
            Names.Method(group.Name), [.. Formulas.Of(group), $"Groups of {GpuSchedule.Threads} threads, {PerThread} {(isInQuads ? "adjacent " : "")}elements per thread."], statements, [],
            new ThreadGroups(Index.CeilingDivide(flattening.Size, Width), GpuSchedule.Threads));
    }

    /// <summary>Writes the stages and stores their results.</summary>
    private void Stages(List<Statement> body, Point point, Index element, Func<GatherNode, IReadOnlyList<Value>> gathered)
    {
        var writers = Enumerable.Range(0, point.Count).Select(_ => new StageWriter(body, kernel.Names)).ToArray();
        var isVector = shape.Rank < 2;
        var (row, inRow) = isVector ? (0, element) : (element / shape[shape.Rank - 1].Value, element % shape[shape.Rank - 1].Value);
        foreach (var member in group.Members)
        {
            var values = member is GatherNode gather ? gathered(gather) : [];
            for (var lane = 0; lane < writers.Length; lane++)
            {
                if (values.Count > 0) writers[lane].Known[member] = values[lane];
                else writers[lane].Compute((MapNode)member, point.Context(writers[lane], row, inRow, lane), isNamed: !group.IsUsedOnce(member));
            }
        }

        body.AddRange(group.Stored.SelectMany(node => point.Store(node, [.. writers.Select(writer => writer.Known[node])])));
    }

    /// <summary>Loads the elements of a gather.</summary>
    private Value[] Gathered(GatherNode gather, List<Statement> body, Index[] indices, QuadViews? views)
    {
        var id = new IndexVariable(kernel.Names.Unique(gather.Ids.Name + "Id"));
        var ids = ElementAccess.Of(Operand.Whole(gather.Ids), shape.Rank, storages.Of);
        body.Add(new LoadIndex(id, kernel.Read(ids.Storage), ids.At(indices)));
        var (table, width, column) = (storages.Of(gather.Table), gather.Table.Shape[1].Value, indices[shape.Rank - 1]);
        if (views is null)
        {
            var element = new Variable(kernel.Names.UniqueValue(gather.Name), false);
            body.Add(new Declare(element, new LoadScalar(kernel.Read(table), ((Index)id * width) + column)));
            return [element];
        }

        var quad = new Quad(kernel.Names.UniqueValue(gather.Name));
        body.Add(new LoadQuad(quad, views.Read(table), ((Index)id * (width / PerThread)) + column.DividedBy(PerThread)!));
        return [.. Enumerable.Range(0, PerThread).Select(lane => new QuadLane(quad, lane))];
    }
}

using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// A row group with sums or maxima along its rows. A group of threads computes one row. In each stage every thread takes every <c>threads</c>-th column, and a fixed tree
/// combines the results of the threads, so the bits depend only on the row.
/// </summary>
internal sealed class RowSchedule
{
    private const int FewestThreads = 32;

    private readonly StorageMap storages;
    private readonly Group group;
    private readonly KernelBuilder kernel = new();
    private readonly RowStages stages;
    private readonly Shape full;
    private readonly int threads;
    private readonly Index width;
    private readonly Index[] indices;
    private readonly Flattening rows;
    private readonly IndexVariable column = new("column");
    private readonly Buffer shared;
    private readonly Dictionary<GatherNode, IndexVariable> gathered = [];

    private RowSchedule(StorageMap storages, Group group)
    {
        this.storages = storages;
        this.group = group;
        stages = new RowStages(group);
        full = stages.Space?.Full ?? Shape.Scalar;
        var accesses = Operands.Of(group, full.Rank, storages.Of);
        foreach (var gather in group.Members.OfType<GatherNode>()) kernel.Read(storages.Of(gather.Table));
        foreach (var access in accesses.Take(accesses.Count - group.Stored.Count)) kernel.Read(access.Storage);
        foreach (var node in group.Stored) kernel.Write(storages.Of(node));
        rows = new Flattening(full, Enumerable.Range(0, Math.Max(0, full.Rank - 1)), accesses, _ => Operands.AsksForIndex(group.Members));
        indices = [.. Enumerable.Repeat((Index)0, full.Rank)];
        width = full.Rank == 0 ? 1 : KernelBuilder.Size(full[full.Rank - 1]);
        threads = ThreadsFor(width);
        shared = new Buffer(kernel.Names.Unique("shared"));
    }

    public static Launch Build(StorageMap storages, Group group) => new RowSchedule(storages, group).Build();

    private static int ThreadsFor(Index width)
    {
        var threads = GpuSchedule.Threads;
        while (width.Literal is { } columns && threads > FewestThreads && threads / 2 >= columns) threads /= 2;
        return threads;
    }

    private Launch Build()
    {
        var body = new List<Statement>();
        if (group.Members.Any(member => member is ReduceNode)) body.Add(new DeclareArray(shared, threads));
        rows.Decode(ThreadGroups.Group, indices, body, kernel.Names, "row");
        foreach (var gather in group.Members.OfType<GatherNode>())
        {
            var ids = ElementAccess.Of(Operand.Whole(gather.Ids), full.Rank, storages.Of);
            gathered[gather] = new IndexVariable(kernel.Names.Unique(gather.Ids.Name + "Id"));
            body.Add(new LoadIndex(gathered[gather], kernel.Read(ids.Storage), ids.At(indices)));
        }

        var writer = new StageWriter(body, kernel.Names);
        RowValues(writer, 0);
        for (var stage = 0; stage <= stages.Last && stages.Space is not null; stage++) Stage(writer, stage);
        var single = group.Stored.Where(stages.IsRow).Select(node => Here(0).Store(node, IndexMap.Identity(node.Shape.Rank), writer.Known[node])).ToArray();
        if (single.Length > 0) body.Add(new If([Condition.Less(ThreadGroups.Thread, 1)], single));
        return kernel.Build(
            Names.Method(group.Name), [.. Formulas.Of(group), $"A group of {threads} threads per row."], body, [], new ThreadGroups(rows.Size, threads));
    }

    /// <summary>Writes one pass over the columns. A value that a later stage needs again is computed again.</summary>
    private void Stage(StageWriter writer, int stage)
    {
        var reductions = stages.Reductions(stage);
        var wanted = stages.Columns(stage).Where(group.Stored.Contains).ToArray();
        if (reductions.Count > 0 || wanted.Length > 0)
        {
            var sums = new Dictionary<ReduceNode, Variable>();
            foreach (var reduce in reductions)
            {
                var sum = sums[reduce] = new Variable(kernel.Names.Unique(reduce.Name + "OfThread"), false);
                writer.Statements.Add(new Declare(sum, new Number(ReductionSteps.Start(reduce.Op)), Mutable: true));
            }

            var local = new StageWriter([], kernel.Names);
            foreach (var pair in writer.Known) local.Known[pair.Key] = pair.Value;
            foreach (var reduce in reductions)
            {
                foreach (var operand in reduce.Operands) Need(local, operand.Node);
                var value = local.Evaluate(ReductionSteps.Term(reduce), reduce.Operands, reduce.Name, Context(local), 1);
                local.Statements.Add(new Assign(sums[reduce], new Operation(ReductionSteps.Combine(reduce.Op), [sums[reduce], value])));
            }

            foreach (var node in wanted)
            {
                Need(local, node);
                local.Statements.Add(Here(column).Store(node, IndexMap.Identity(full.Rank), local.Known[node]));
            }

            writer.Statements.Add(new Loop(column, ThreadGroups.Thread, width, threads, local.Statements));
            foreach (var reduce in reductions)
            {
                var combined = new Variable(kernel.Names.UniqueValue(reduce.Name), false);
                writer.Statements.Add(new ReduceThreads(combined, ReductionSteps.Across(reduce.Op), shared, sums[reduce], threads));
                var result = ReductionSteps.Result(reduce.Op, combined);
                writer.Known[reduce] = result is Variable ? result : writer.Name(result, reduce.Name);
            }
        }

        RowValues(writer, stage + 1);
    }

    private void RowValues(StageWriter writer, int stage)
    {
        foreach (var map in stages.RowMaps(stage)) writer.Compute(map, Here(0).Context(writer, ThreadGroups.Group, 0));
    }

    /// <summary>Ensures that a value of the group is known at the current column.</summary>
    private void Need(StageWriter local, Node node)
    {
        if (local.Known.ContainsKey(node) || !group.Members.Contains(node)) return;
        if (node is GatherNode gather)
        {
            var position = (gathered[gather] * gather.Table.Shape[1].Value) + column;
            local.Known[node] = local.Name(new LoadScalar(kernel.Read(storages.Of(gather.Table)), position), node.Name);
            return;
        }

        foreach (var operand in node.Operands) Need(local, operand.Node);
        local.Compute((MapNode)node, Context(local));
    }

    private StageContext Context(StageWriter local) => Here(column).Context(local, ThreadGroups.Group, column);

    private Point Here(Index at)
    {
        var here = indices.ToArray();
        if (here.Length > 0) here[here.Length - 1] = at;
        return new Point(kernel, storages, here);
    }
}

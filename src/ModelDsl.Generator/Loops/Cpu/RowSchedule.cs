using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A row group as one kernel. Rows are divided among workers. Each stage is one pass over the columns of a row, sixteen at a time. Sums and maxima along the row use sixteen
/// virtual lanes at every register width and are combined by one fixed tree, so their bits are the same for every width.
/// </summary>
internal sealed class RowSchedule
{
    /// <summary>The greatest number of columns of a row that is held in registers from stage to stage.</summary>
    private const int RegisterColumns = 4 * Value.Lanes;

    /// <summary>The greatest number of operations on vectors of a short row that is unrolled. A row with more is computed in loops.</summary>
    private const int MostUnrolled = 200;

    private readonly StorageMap storages;
    private readonly ChainStep? step;
    private readonly Group group;
    private readonly KernelBuilder kernel = new();
    private readonly RowStages stages;
    private readonly RowLoops loops;
    private readonly IndexVariable column = new("column");

    private RowSchedule(StorageMap storages, Group group, ChainStep? step)
    {
        this.step = step;
        this.storages = storages;
        this.group = group;
        stages = new RowStages(group);
        loops = new RowLoops(group, stages.Space, storages, kernel, step);
    }

    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group) =>
        FlatSchedule.Applies(group, storages) ? [FlatSchedule.Build(group, storages)] : [new RowSchedule(storages, group, null).Build()];

    /// <summary>The kernel of a step of a chained group.</summary>
    public static Launch Build(StorageMap storages, Group group, ChainStep step) => new RowSchedule(storages, group, step).Build();

    private Launch Build()
    {
        var row = new List<Statement>();
        var writer = new StageWriter(row, kernel.Names);
        loops.Begin(row);
        EmitRowValues(writer, row, 0);
        var columns = stages.Space?.Width is { IsBatch: false } width ? width.Value : 0;
        if (step?.Width is null && columns is > 0 and <= RegisterColumns && Vectors(columns) * GroupSize.Operations(group.Members) <= MostUnrolled) Unrolled(writer, row, columns);
        else if (stages.Space is { } space) Looped(writer, row, space);
        foreach (var node in group.Stored.Where(stages.IsRow))
        {
            row.Add(new StoreScalar(kernel.Write(storages.Of(node)), loops.RowOffset(node), writer.Known[node]));
        }

        return loops.Finish(Names.Method(group.Name), Formulas.Of(group), row);
    }

    private static int Vectors(int columns) => (columns + Value.Lanes - 1) / Value.Lanes;

    /// <summary>Writes a short row: every vector of it is a named value, which is live through all stages.</summary>
    private void Unrolled(StageWriter writer, List<Statement> row, int columns)
    {
        var vectors = new List<(Dictionary<Node, Value> Known, Dictionary<Operand, Value> Loaded, int Start, int Count)>();
        for (var start = 0; start < columns; start += Value.Lanes) vectors.Add(([], [], start, Math.Min(Value.Lanes, columns - start)));
        for (var stage = 0; stage <= stages.Last; stage++)
        {
            var reductions = stages.Reductions(stage);
            var sums = reductions.ToDictionary(reduce => reduce, reduce => DeclareSum(row, reduce));
            foreach (var (known, loaded, start, count) in vectors)
            {
                var local = new StageWriter(row, kernel.Names) { Loaded = loaded, KeepsLoads = true };
                foreach (var pair in writer.Known.Concat(known)) local.Known[pair.Key] = pair.Value;
                foreach (var node in stages.Columns(stage)) Compute(local, node, start, count, count);
                foreach (var reduce in reductions) Accumulate(local, row, reduce, sums[reduce], start, count, count);
                foreach (var node in stages.Columns(stage).Where(group.Stored.Contains)) Store(row, node, local.Known[node], start, count);
                foreach (var pair in local.Known.Where(pair => !stages.IsRow(pair.Key))) known[pair.Key] = pair.Value;
            }

            Conclude(writer, row, reductions, sums, stage);
        }
    }

    /// <summary>Writes a long row: one loop per stage. A value that a later stage needs again is loaded or computed again.</summary>
    private void Looped(StageWriter writer, List<Statement> row, RowSpace space)
    {
        var width = step?.Width ?? KernelBuilder.Size(space.Width);
        var full = width.Literal is { } literal ? literal / Value.Lanes * Value.Lanes : step?.HasWholeVectors == true ? width : width / Value.Lanes * Value.Lanes;
        for (var stage = 0; stage <= stages.Last; stage++)
        {
            var reductions = stages.Reductions(stage);
            var wanted = stages.Columns(stage).Where(group.Stored.Contains).ToArray();
            if (reductions.Count == 0 && wanted.Length == 0)
            {
                EmitRowValues(writer, row, stage + 1);
                continue;
            }

            var sums = reductions.ToDictionary(reduce => reduce, reduce => DeclareSum(row, reduce));
            if (full.Literal != 0) row.Add(ColumnLoop(0, full, Value.Lanes));
            if (width.Literal is null && full != width) row.Add(ColumnLoop(full, width, width - column));
            else if (full.Literal < width.Literal) row.Add(ColumnLoop(full, width, width.Literal.Value % Value.Lanes));
            Conclude(writer, row, reductions, sums, stage);

            Loop ColumnLoop(Index from, Index to, Index count)
            {
                var body = new List<Statement>();
                var lanes = count.Literal ?? Value.Lanes;
                var local = new StageWriter(body, kernel.Names);
                foreach (var pair in writer.Known) local.Known[pair.Key] = pair.Value;
                foreach (var reduce in reductions) Accumulate(local, body, reduce, sums[reduce], column, count, lanes);
                foreach (var node in wanted)
                {
                    Compute(local, node, column, count, lanes);
                    Store(body, node, local.Known[node], column, count);
                }

                return new Loop(column, from, to, Value.Lanes, body);
            }
        }
    }

    private Variable DeclareSum(List<Statement> row, ReduceNode reduce)
    {
        var sum = new Variable(kernel.Names.Unique(reduce.Name + "Lanes"), true);
        row.Add(new Declare(sum, new Broadcast(new Number(ReductionSteps.Start(reduce.Op))), Mutable: true));
        return sum;
    }

    private void Accumulate(StageWriter local, List<Statement> body, ReduceNode reduce, Variable sum, Index column, Index count, int lanes)
    {
        foreach (var operand in reduce.Operands) Need(local, operand.Node, column, count, lanes);
        var value = local.Evaluate(ReductionSteps.Term(reduce), reduce.Operands, reduce.Name, Context(local, body, column, count, lanes), lanes);
        body.Add(Reductions.Accumulate(reduce.Op, sum, value, count));
    }

    /// <summary>Combines the lanes of finished sums and computes the values that depend only on them.</summary>
    private void Conclude(StageWriter writer, List<Statement> row, IReadOnlyList<ReduceNode> reductions, Dictionary<ReduceNode, Variable> sums, int stage)
    {
        foreach (var reduce in reductions)
        {
            var combined = new ReduceLanes(ReductionSteps.Across(reduce.Op), sums[reduce]);
            writer.Known[reduce] = writer.Name(ReductionSteps.Result(reduce.Op, combined), reduce.Name);
        }

        EmitRowValues(writer, row, stage + 1);
    }

    private void EmitRowValues(StageWriter writer, List<Statement> row, int stage)
    {
        foreach (var map in stages.RowMaps(stage)) writer.Compute(map, Context(writer, row, 0, 1, 1));
    }

    /// <summary>Ensures that a value of the group is known at these columns.</summary>
    private void Need(StageWriter local, Node node, Index column, Index count, int lanes)
    {
        if (local.Known.ContainsKey(node) || !group.Members.Contains(node)) return;
        Compute(local, node, column, count, lanes);
    }

    private void Compute(StageWriter local, Node node, Index column, Index count, int lanes)
    {
        if (local.Known.ContainsKey(node)) return;
        if (node is GatherNode gather)
        {
            local.Known[node] = local.Name(new LoadLanes(loops.GatheredRow(gather), column, count), node.Name, lanes);
            return;
        }

        foreach (var operand in node.Operands) Need(local, operand.Node, column, count, lanes);
        local.Compute((MapNode)node, Context(local, local.Statements, column, count, lanes), lanes);
    }

    private StageContext Context(StageWriter local, List<Statement> body, Index column, Index count, int lanes) => new(
        operand => operand.Node is RandomNode random
            ? local.Name(new RandomLanes(kernel.Stream(random.Stream), loops.LogicalRow, (column + (step?.Before ?? 0)) / Value.Lanes), random.Name, lanes)
            : loops.Load(operand, column, count),
        axis => loops.IndexAlong(axis, column));

    private void Store(List<Statement> body, Node node, Value value, Index column, Index count) =>
        body.Add(new StoreLanes(kernel.Write(storages.Of(node)), loops.RowOffset(node) + (column * loops.ColumnStride(node)), value, count));
}

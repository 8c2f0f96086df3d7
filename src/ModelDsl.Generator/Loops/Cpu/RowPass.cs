using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// Writes the passes over the columns of a row, sixteen columns at a time. Sums and maxima along the row use sixteen virtual lanes at every register width and are combined by one
/// fixed tree, so their bits are the same for every width.
/// </summary>
internal sealed class RowPass(Group group, RowStages stages, RowLoops loops, StorageMap storages, KernelBuilder kernel, ChainStep? step)
{
    private readonly IndexVariable column = new("column");

    /// <summary>Writes the pass of a stage as a loop over the columns. A value that a later stage needs again is loaded or computed again.</summary>
    /// <param name="writer">The known values of the row.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="space">The rows.</param>
    /// <returns>The results of the sums and maxima of the stage.</returns>
    public IReadOnlyList<(ReduceNode Reduce, Value Result)> Write(StageWriter writer, int stage, RowSpace space)
    {
        var width = step?.Width ?? KernelBuilder.Size(space.Width);
        var full = width.Literal is { } literal ? literal / Value.Lanes * Value.Lanes : step?.HasWholeVectors == true ? width : width / Value.Lanes * Value.Lanes;
        var row = writer.Statements;
        var sums = DeclareSums(row, stage);
        if (full.Literal != 0) row.Add(ColumnLoop(0, full, Value.Lanes));
        if (width.Literal is null && full != width) row.Add(ColumnLoop(full, width, width - column));
        else if (full.Literal < width.Literal) row.Add(ColumnLoop(full, width, width.Literal.Value % Value.Lanes));
        return Results(sums);

        Loop ColumnLoop(Index from, Index to, Index count)
        {
            var body = new List<Statement>();
            var lanes = count.Literal ?? Value.Lanes;
            var local = new StageWriter(body, kernel.Names);
            foreach (var pair in writer.Known) local.Known[pair.Key] = pair.Value;
            foreach (var (reduce, sum) in sums) Accumulate(local, reduce, sum, column, count, lanes);
            foreach (var node in stages.Stored(stage))
            {
                Compute(local, node, column, count, lanes, isNamed: IsRead(node));
                Store(body, node, local.Known[node], column, count);
            }

            return new Loop(column, from, to, Value.Lanes, body);
        }
    }

    /// <summary>Writes the pass of a stage for a short row without a loop.</summary>
    /// <param name="writer">The known values of the row.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="vectors">The vectors of the row. Every vector is a named value, which is live through all stages.</param>
    /// <returns>The results of the sums and maxima of the stage.</returns>
    public IReadOnlyList<(ReduceNode Reduce, Value Result)> Unrolled(StageWriter writer, int stage, IReadOnlyList<RowVector> vectors)
    {
        var row = writer.Statements;
        var sums = DeclareSums(row, stage);
        foreach (var (known, loaded, start, count) in vectors)
        {
            var local = new StageWriter(row, kernel.Names) { Loaded = loaded, KeepsLoads = true };
            foreach (var pair in writer.Known.Concat(known)) local.Known[pair.Key] = pair.Value;
            foreach (var node in stages.Columns(stage)) Compute(local, node, start, count, count);
            foreach (var (reduce, sum) in sums) Accumulate(local, reduce, sum, start, count, count);
            foreach (var node in stages.Stored(stage)) Store(row, node, local.Known[node], start, count);
            foreach (var pair in local.Known.Where(pair => !stages.IsRow(pair.Key))) known[pair.Key] = pair.Value;
        }

        return Results(sums);
    }

    /// <summary>How a pointwise stage gets its operands at some columns of a row.</summary>
    public StageContext Context(StageWriter local, Index column, Index count) => new(
        operand => operand.Node is RandomNode random
            ? local.Name(new RandomLanes(kernel.Stream(random.Stream), loops.LogicalRow, (column + (step?.Before ?? 0)) / Value.Lanes), random.Name, count.Literal ?? Value.Lanes)
            : loops.Load(operand, column, count),
        axis => loops.IndexAlong(axis, column));

    private IReadOnlyList<(ReduceNode Reduce, Variable Sum)> DeclareSums(List<Statement> row, int stage) => [.. stages.Reductions(stage).Select(reduce =>
    {
        var sum = new Variable(kernel.Names.Unique(reduce.Name + "Lanes"), true);
        row.Add(new Declare(sum, new Broadcast(new Number(ReductionSteps.Start(reduce.Op))), Mutable: true));
        return (reduce, sum);
    })];

    /// <summary>Combines the lanes of finished sums.</summary>
    private static IReadOnlyList<(ReduceNode Reduce, Value Result)> Results(IReadOnlyList<(ReduceNode Reduce, Variable Sum)> sums) =>
        [.. sums.Select(sum => (sum.Reduce, ReductionSteps.Result(sum.Reduce.Op, new ReduceLanes(ReductionSteps.Across(sum.Reduce.Op), sum.Sum))))];

    private void Accumulate(StageWriter local, ReduceNode reduce, Variable sum, Index column, Index count, int lanes)
    {
        foreach (var operand in reduce.Operands) Need(local, operand.Node, column, count, lanes);
        var value = local.Evaluate(ReductionSteps.Term(reduce), reduce.Operands, reduce.Name, Context(local, column, count), lanes);
        local.Statements.Add(Reductions.Accumulate(reduce.Op, sum, value, count));
    }

    /// <summary>Ensures that a value of the group is known at these columns.</summary>
    private void Need(StageWriter local, Node node, Index column, Index count, int lanes)
    {
        if (local.Known.ContainsKey(node) || !group.Members.Contains(node)) return;
        Compute(local, node, column, count, lanes);
    }

    private void Compute(StageWriter local, Node node, Index column, Index count, int lanes, bool isNamed = true)
    {
        if (local.Known.ContainsKey(node)) return;
        if (node is GatherNode gather)
        {
            local.Known[node] = local.Name(new LoadLanes(loops.GatheredRow(gather), column, count), node.Name, lanes);
            return;
        }

        foreach (var operand in node.Operands) Need(local, operand.Node, column, count, lanes);
        local.Compute((MapNode)node, Context(local, column, count), lanes, isNamed);
    }

    /// <summary>Whether a member reads a node. If not, the node's value is only stored.</summary>
    private bool IsRead(Node node) => group.Members.Any(member => member.Operands.Any(operand => operand.Node == node));

    private void Store(List<Statement> body, Node node, Value value, Index column, Index count) =>
        body.Add(new StoreLanes(kernel.Write(storages.Of(node)), loops.RowOffset(node) + (column * loops.ColumnStride(node)), value, count));
}

/// <summary>A vector of a short row.</summary>
/// <param name="Known">The values of the group's nodes at its columns.</param>
/// <param name="Loaded">The values that have been loaded at its columns.</param>
/// <param name="Start">The first column.</param>
/// <param name="Count">The number of columns.</param>
internal sealed record RowVector(Dictionary<Node, Value> Known, Dictionary<Operand, Value> Loaded, int Start, int Count);

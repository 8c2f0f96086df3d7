using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>A row group as one kernel. Rows are divided among workers. Each stage is one pass over the columns of a row, sixteen at a time.</summary>
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
    private readonly RowPass pass;

    private RowSchedule(StorageMap storages, Group group, ChainStep? step)
    {
        this.step = step;
        this.storages = storages;
        this.group = group;
        stages = new RowStages(group);
        loops = new RowLoops(group, stages.Space, storages, kernel, step);
        pass = new RowPass(group, stages, loops, storages, kernel, step);
    }

    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group) =>
        FlatSchedule.Applies(group, storages) ? [FlatSchedule.Build(group, storages)] : [new RowSchedule(storages, group, null).Build()];

    /// <summary>The kernel of a step of a chained group.</summary>
    public static Launch Build(StorageMap storages, Group group, ChainStep step) => new RowSchedule(storages, group, step).Build();

    private Launch Build()
    {
        var (name, formula) = (Names.Method(group.Name), Formulas.Of(group));
        if (step is not null && RowBlocks.Applies(stages)) return new RowBlocks(group, stages, loops, pass, kernel).Build(name, formula);
        var row = new List<Statement>();
        var writer = new StageWriter(row, kernel.Names);
        loops.Begin(row);
        EmitRowValues(writer, 0);
        if (stages.Space is { } space) Passes(writer, space);
        foreach (var node in group.Stored.Where(stages.IsRow))
        {
            row.Add(new StoreScalar(kernel.Write(storages.Of(node)), loops.RowOffset(node), writer.Known[node]));
        }

        return loops.Finish(name, formula, row);
    }

    /// <summary>Writes one stage after another for a row.</summary>
    private void Passes(StageWriter writer, RowSpace space)
    {
        var vectors = UnrolledVectors(space);
        for (var stage = 0; stage <= stages.Last; stage++)
        {
            var results = vectors is not null ? pass.Unrolled(writer, stage, vectors) : stages.HasPass(stage) ? pass.Write(writer, stage, space) : [];
            foreach (var (reduce, result) in results) writer.Known[reduce] = writer.Name(result, reduce.Name);
            EmitRowValues(writer, stage + 1);
        }
    }

    /// <summary>The vectors of a short row that is unrolled; null for other rows.</summary>
    private RowVector[]? UnrolledVectors(RowSpace space)
    {
        if (step?.Width is not null || space.Width.IsBatch || space.Width.Value is <= 0 or > RegisterColumns) return null;
        var columns = space.Width.Value;
        RowVector[] vectors = [.. Enumerable.Range(0, (columns + Value.Lanes - 1) / Value.Lanes).Select(number => new RowVector([], [], number * Value.Lanes, Math.Min(Value.Lanes, columns - (number * Value.Lanes))))];
        return vectors.Length * GroupSize.Operations(group.Members) <= MostUnrolled ? vectors : null;
    }

    private void EmitRowValues(StageWriter writer, int stage)
    {
        foreach (var map in stages.RowMaps(stage)) writer.Compute(map, pass.Context(writer, 0, 1));
    }
}

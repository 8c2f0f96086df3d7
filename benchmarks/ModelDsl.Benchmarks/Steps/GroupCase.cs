using ModelDsl.Compiled;
using ModelDsl.Distributed;

namespace ModelDsl.Benchmarks.Steps;

/// <summary>The training step of a case in a group of ranks.</summary>
internal sealed class GroupCase
{
    private readonly StepCase one;
    private readonly GroupStep step;
    private readonly Batch[] microBatches;

    /// <summary>Cuts the batch of a case.</summary>
    /// <param name="one">The case, with the batch of all ranks.</param>
    /// <param name="group">The group.</param>
    public GroupCase(StepCase one, Collective group)
    {
        this.one = one;
        step = new GroupStep(one.Model, group, 1);
        var selection = group.OwnParts.MicroBatches(1, 1, isFixed: true);
        microBatches = [.. Enumerable.Range(selection.First, selection.Own).Select(microBatch => Cut(one.Batch, selection.Range(microBatch, one.Batch.Count)))];
    }

    /// <summary>Runs a step.</summary>
    public void Train()
    {
        foreach (var microBatch in microBatches)
            step.Add(step.Run(microBatch), microBatch);
        step.WriteMean();
        one.Optimizer.Update(one.Model);
        step.Clear();
    }

    private static Batch Cut(Batch whole, (int Start, int Count) range)
    {
        var microBatch = new Batch(whole.Columns, Math.Max(1, range.Count)) { Count = range.Count };
        for (var i = 0; i < whole.Columns.Count; i++)
        {
            var length = whole.Columns[i].Length;
            if (whole.Columns[i].Type == ColumnType.Float)
                whole.Floats(i).Slice(range.Start * length, range.Count * length).CopyTo(microBatch.Floats(i));
            else
                whole.Ints(i).Slice(range.Start * length, range.Count * length).CopyTo(microBatch.Ints(i));
        }

        return microBatch;
    }
}

using System.Diagnostics;
using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Models;
using ModelDsl.Training;

namespace ModelDsl.Distributed;

/// <summary>The passes of a step in a group: the micro-batches of this rank's parts, whose gradients are added with those of the other ranks.</summary>
internal sealed class GroupStep : IUpdateStep, ICompletedGradients
{
    private readonly Model model;
    private readonly Collective group;
    private readonly int perPart;
    private readonly PartRange range;
    private readonly PartSums sums;
    private readonly StepExchange records;
    private readonly GradientExchange exchange;
    private PartRecord sum;
    private long start;
    private double seconds;

    // The position from which on the gradients of the last backward pass were added while it was running, when they were in the cache.
    private int added;

    /// <summary>Creates the passes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="group">The group.</param>
    /// <param name="perPart">The number of micro-batches of a part.</param>
    public GroupStep(Model model, Collective group, int perPart)
    {
        (this.model, this.group, this.perPart) = (model, group, perPart);
        ModelVector.Check(model);
        range = group.OwnParts;
        sums = new PartSums(model);
        records = new StepExchange(group);
        exchange = new GradientExchange(group, records, sums);
    }

    /// <summary>The number of micro-batches that this rank has run since the last update, including empty ones.</summary>
    public int Batches { get; private set; }

    /// <inheritdoc/>
    public int PerStep => range.Own * perPart;

    /// <summary>The number of samples of all ranks in the step, when <see cref="WriteMean"/> has run.</summary>
    public int Samples => checked((int)sum.Samples);

    /// <inheritdoc/>
    public bool IsComplete => Batches == PerStep;

    /// <inheritdoc/>
    public double Weight => sum.Weight;

    /// <inheritdoc/>
    public double Loss => sum.Weight == 0 ? 0 : sum.LossSum / sum.Weight;

    /// <summary>The part that the micro-batch belongs to that was run last and is not added yet.</summary>
    public int Part => range.First + (Batches / perPart);

    /// <summary>Whether a rank was cancelled before the last update.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Whether it was time for a checkpoint before the last update.</summary>
    public bool SaveIsDue { get; private set; }

    /// <summary>The records of the ranks in the last step.</summary>
    public ReadOnlySpan<RankRecord> Ranks => records.Ranks;

    /// <summary>What this rank tells the others in the step, apart from the duration. It must be set before the last micro-batch is run.</summary>
    public RankRecord Own { get; set; }

    /// <inheritdoc/>
    public double Run(Batch batch)
    {
        if (Batches == 0)
            Begin();
        if (Batches % perPart == 0)
            model.RestoreStatesOfMicroBatches();
        added = sums.Gradients;
        double? weight = batch.Count == 0 ? null : LossWeight.Of(model.Description, batch);
        sums.BeginMicroBatch(weight, isLast: (Batches + 1) % perPart == 0);
        if (weight is null)
            return 0;
        model.BeginMicroBatch((uint)((range.First * perPart) + Batches));
        model.Forward(batch);
        if (Batches == PerStep - 1 && exchange.CanBeginEarly && model.OnDevice.AnnouncesGradients)
        {
            Record(model.LastLoss, batch, weight.Value);
            exchange.Begin(Own with { Seconds = seconds }, start);
        }

        model.Backward(batch, this);
        return model.LastLoss;
    }

    /// <inheritdoc/>
    public void Complete(Worker worker, int from, int to)
    {
        // All workers have added their shares of the ranges before this one. A single worker completes this range alone.
        if (worker is { Index: 0, Count: > 1 })
            exchange.Completed(to);
        sums.Add(worker, from, to);
        if (worker.Index > 0)
            return;
        added = from;
        if (worker.Count == 1)
            exchange.Completed(from);
    }

    /// <inheritdoc/>
    public void Add(double loss, Batch batch)
    {
        sums.Add(0, added);
        sums.EndMicroBatch();
        if (batch.Count > 0 && !exchange.HasBegun)
            Record(loss, batch, LossWeight.Of(model.Description, batch));
        Batches++;
    }

    /// <inheritdoc/>
    public void WriteMean()
    {
        seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        exchange.End(Own with { Seconds = seconds }, start);
        sum = PartRecord.Sum(records.Parts);
        (IsCancelled, SaveIsDue) = (false, records.Ranks[0].SaveIsDue != 0);
        foreach (var rank in records.Ranks)
            IsCancelled |= rank.Cancelled != 0;
        sums.WriteGradients(sum.Weight);
        var parts = 0;
        foreach (var part in records.Parts)
            parts += part.MicroBatches > 0 ? 1 : 0;
        sums.WriteStates(parts);
        model.EndMicroBatches((uint)(range.Count * perPart));
    }

    /// <inheritdoc/>
    public void Clear() => Batches = 0;

    /// <inheritdoc/>
    public void Undo()
    {
        if (Batches > 0)
            model.UndoStep();
        Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => exchange.Dispose();

    private void Begin()
    {
        start = Stopwatch.GetTimestamp();
        model.BeginMicroBatches();
        records.Own.Clear();
        sums.Begin();
    }

    /// <summary>Adds a micro-batch that is not empty to the record of its part.</summary>
    private void Record(double loss, Batch batch, double weight)
    {
        ref var part = ref records.Own[Batches / perPart];
        part = new PartRecord(part.LossSum + (loss * weight), part.Weight + weight, part.Samples + batch.Count, part.MicroBatches + 1);
    }
}

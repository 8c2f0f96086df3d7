using System.Diagnostics;
using ModelDsl.Models;
using ModelDsl.Training;

namespace ModelDsl.Distributed;

/// <summary>The passes of a step in a group: the micro-batches of this rank's parts, whose gradients are added with those of the other ranks.</summary>
internal sealed class GroupStep : IUpdateStep
{
    private readonly Model model;
    private readonly Collective group;
    private readonly int perPart;
    private readonly PartRange range;
    private readonly ModelVector vector;
    private readonly PartSums sums;
    private readonly StepExchange exchange;
    private PartRecord sum;
    private long start;

    /// <summary>Creates the passes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="group">The group.</param>
    /// <param name="perPart">The number of micro-batches of a part.</param>
    public GroupStep(Model model, Collective group, int perPart)
    {
        (this.model, this.group, this.perPart) = (model, group, perPart);
        ModelVector.Check(model);
        range = group.OwnParts;
        vector = new ModelVector(model);
        sums = new PartSums(vector.Length);
        exchange = new StepExchange(group);
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
    public ReadOnlySpan<RankRecord> Ranks => exchange.Ranks;

    /// <summary>What this rank tells the others in the next exchange, apart from the duration.</summary>
    public RankRecord Own { get; set; }

    /// <inheritdoc/>
    public double Run(Batch batch)
    {
        if (Batches == 0)
            Begin();
        if (Batches % perPart == 0)
            BeginPart();
        if (batch.Count == 0)
            return 0;
        model.BeginMicroBatch((uint)((range.First * perPart) + Batches));
        model.Forward(batch);
        model.Backward(batch);
        return model.LastLoss;
    }

    /// <inheritdoc/>
    public void Add(double loss, Batch batch)
    {
        ref var part = ref exchange.Own[Batches / perPart];
        if (batch.Count > 0)
        {
            var weight = LossWeight.Of(model.Description, batch);
            if (part.MicroBatches == 0)
                vector.SetGradients(sums.Current, (float)weight);
            else
                vector.AddGradients(sums.Current, (float)weight);
            part = new PartRecord(part.LossSum + (loss * weight), part.Weight + weight, part.Samples + batch.Count, part.MicroBatches + 1);
        }

        Batches++;
        if (Batches % perPart != 0)
            return;
        if (part.MicroBatches > 0)
            vector.SetStates(sums.Current);
        else
            sums.Current.Clear();
        sums.EndPart();
    }

    /// <inheritdoc/>
    public void WriteMean()
    {
        exchange.Run(Own with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds });
        sum = PartRecord.Sum(exchange.Parts);
        (IsCancelled, SaveIsDue) = (false, exchange.Ranks[0].SaveIsDue != 0);
        foreach (var rank in exchange.Ranks)
            IsCancelled |= rank.Cancelled != 0;
        group.Tree.Sum(sums.Total, group.Timeout);
        vector.WriteGradients(sums.Total, sum.Weight);
        var parts = 0;
        foreach (var part in exchange.Parts)
            parts += part.MicroBatches > 0 ? 1 : 0;
        vector.WriteStates(sums.Total, parts);
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
    public void Dispose()
    {
    }

    private void Begin()
    {
        start = Stopwatch.GetTimestamp();
        model.BeginMicroBatches();
        exchange.Own.Clear();
        sums.Begin();
    }

    private void BeginPart()
    {
        model.RestoreStatesOfMicroBatches();
        sums.BeginPart();
    }
}

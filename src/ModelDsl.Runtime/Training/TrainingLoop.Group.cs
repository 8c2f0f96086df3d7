using ModelDsl.Distributed;

namespace ModelDsl.Training;

/// <content><content>What differs in a group of ranks.</content></content>
internal sealed partial class TrainingLoop
{
    // Null without a group.
    private readonly GroupStep? ofGroup;
    private readonly GroupRun? groupRun;
    private readonly StragglerWatch stragglers = new();

    // In a group, the cause of the first loss in the step that is not finite on this rank.
    private string? cause;

    private TrainedBatch OwnBatch => new((long)trainer.BatchSize * trainer.AccumulateSteps, rates.Own);

    private bool IsCancelled => ofGroup?.IsCancelled ?? cancellation.IsCancellationRequested;

    /// <summary>Tells the group what this rank wants, before the passes of a batch: the exchange may begin during the last of them.</summary>
    private void TellGroup() => ofGroup?.Own = new RankRecord(cancellation.IsCancellationRequested ? 1 : 0, checkpoints is { IsTime: true } ? 1 : 0, 0);

    /// <summary>Makes the gradients those of the whole step. In a group, all ranks then know its loss.</summary>
    private void WriteMean()
    {
        step.WriteMean();
        if (ofGroup is null)
            return;
        CheckLoss(step.Loss, batch: null);
        if (stragglers.Add(ofGroup.Ranks) is { } slow)
            Warn(new TrainingWarning(slow));
    }

    /// <summary>Warns if an earlier run of a group with this optimizer had a smaller batch and the same learning rate.</summary>
    private void WarnOfGrownBatch()
    {
        if (ofGroup is not null && BatchGrowth.Warning(model.Description.Name, trainer.Optimizer.PassOf(model)?.LastBatch, OwnBatch) is { } grown)
            Warn(new TrainingWarning(grown));
    }

    private void NoteBatch()
    {
        if (ofGroup is not null)
            trainer.Optimizer.PassOf(model)?.LastBatch = OwnBatch;
    }

    /// <summary>Finds the cause if the loss of a micro-batch is not finite: the next micro-batch overwrites the batch.</summary>
    private void FindCause(double loss, Batch batch)
    {
        if (step.Batches == 0)
            cause = null;
        if (cause is not null || !trainer.StopOnNonFiniteLoss || double.IsFinite(loss))
            return;

        // The loss of the step is not finite either, so the step is undone: states that this micro-batch has changed are not the cause.
        model.RestoreStatesOfMicroBatches();
        cause = NonFiniteCause.Find(model, batch);
    }

    /// <summary>Undoes the step and ends the run if a loss is not finite. In a group it is the loss of all ranks, so all of them end.</summary>
    private void CheckLoss(double loss, Batch? batch)
    {
        if (!trainer.StopOnNonFiniteLoss || double.IsFinite(loss))
            return;
        var causeOfAll = groupRun?.CauseOfAll(cause);
        model.UndoStep();
        groupRun?.Agrees = true;
        throw new NonFiniteLossException(
            model.Description.Name, state.Epoch.Number, state.Epoch.Step, loss, trainer.Optimizer.LearningRate, batch is null ? causeOfAll : NonFiniteCause.Find(model, batch), history);
    }
}

using System.Diagnostics;

namespace ModelDsl.Training;

/// <content>The steps of an epoch.</content>
internal sealed partial class TrainingLoop
{
    /// <summary>Advances to the next batch, and measures how long that takes.</summary>
    private bool Next(BatchEnumerator pass, EpochState epoch)
    {
        if (step.Batches == 0 && IsCancelled)
            throw new OperationCanceledException();
        var start = Stopwatch.GetTimestamp();
        var more = pass.MoveNext();
        epoch.Waited += Stopwatch.GetTimestamp() - start;
        return more;
    }

    /// <summary>Runs the passes of a batch.</summary>
    private void Add(Batch batch, EpochState epoch)
    {
        if (step.Batches == 0)
        {
            epoch.Step++;
            rates.Set(epoch.Number);
        }

        if (batch.Count > 0)
            CheckInputs(batch);
        var loss = Run(batch);
        if (ofGroup is null)
            CheckLoss(loss, batch);
        else
            FindCause(loss, batch);
        if (batch.Count > 0)
            metrics.Update(model, batch, loss, ofGroup?.Part ?? 0);
        step.Add(loss, batch);
    }

    private double Run(Batch batch)
    {
        TellGroup();
        try
        {
            return step.Run(batch);
        }
        catch (NonFiniteNumberException)
        {
            model.UndoStep();
            throw;
        }
    }

    /// <summary>Updates the weights, and completes the step.</summary>
    private void Complete(EpochState epoch)
    {
        WriteMean();
        Update(epoch.Number, epoch.Step);
        var ended = new TrainingStep(epoch.Number, history.Steps, step.Loss, step.Samples);
        foreach (var callback in callbacks)
            callback.StepEnded(run, in ended);
        epoch.Add(step.Loss, step.Weight, step.Samples);
        step.Clear();
        progress.Stepped(epoch, trainer.Optimizer.LearningRate);
        epoch.IsComplete = true;
        checkpoints?.StepEnded(ofGroup?.SaveIsDue);
    }

    private void Update(int epoch, int step)
    {
        try
        {
            trainer.Optimizer.Update(model);
            trainer.Optimizer.CollectParameters(model);
            history.Steps++;
        }
        catch (NonFiniteGradientException exception)
        {
            model.UndoStep();
            groupRun?.Agrees = trainer.StopOnNonFiniteLoss;
            if (trainer.StopOnNonFiniteLoss)
                throw;
            if (!state.WarnedOfGradients)
            {
                state.WarnedOfGradients = true;
                Warn(new TrainingWarning($"Step {step} of epoch {epoch} was skipped, and similar steps will be skipped: {exception.Message}"));
            }
        }
    }

    /// <summary>Checks the first batch of the run.</summary>
    private void CheckInputs(Batch batch)
    {
        if (state.InputsChecked)
            return;
        state.InputsChecked = true;
        if (trainer.WarnOfUnscaledInputs && InputScale.Check(model.Description, batch) is { } warning)
            Warn(warning);
    }

    private void Warn(TrainingWarning warning)
    {
        history.Add(warning);
        view.Warned(warning);
        foreach (var callback in callbacks)
            callback.Warned(run, warning);
    }
}

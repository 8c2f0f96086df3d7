namespace ModelDsl;

/// <content><content>Undoing a training step.</content></content>
public abstract partial class Model
{
    /// <summary>The changes of the last training step that <see cref="UndoStep"/> can undo.</summary>
    private StepChanges changes;

    /// <summary>The changes of a training step.</summary>
    private enum StepChanges
    {
        /// <summary>There is no step, or it was undone.</summary>
        None,

        /// <summary>The number of steps, which the masks of dropout depend on.</summary>
        Forward,

        /// <summary>The number of steps and the states, whose earlier values the device keeps.</summary>
        Backward,

        /// <summary>The parameters as well, by an optimizer.</summary>
        Updated,
    }

    /// <summary>
    /// Undoes the last training step before an optimizer's <c>Update</c>: <see cref="States"/> get the values that they had before its <c>Backward</c>, and the next
    /// step draws the same masks of dropout. Parameters have not changed yet. The loss, outputs and gradients of the step are kept. Custom training loops call this when
    /// a loss is not finite; <see cref="Trainer.Fit"/> does so automatically.
    /// </summary>
    /// <example>
    /// <code>
    /// model.Forward(batch);
    /// model.Backward(batch);
    /// if (float.IsFinite(model.LastLoss))
    ///     optimizer.Update(model);
    /// else
    ///     model.UndoStep();
    /// </code>
    /// </example>
    /// <remarks>To make this possible, each <c>Backward</c> of a model with states first copies them: a few thousand floats, without allocation.</remarks>
    /// <exception cref="InvalidOperationException">
    /// There is no step to undo: none has begun, or the last one was undone or followed by an update. Or another thread is using the model.
    /// </exception>
    public void UndoStep()
    {
        using var access = Write();
        if (changes is StepChanges.None or StepChanges.Updated)
        {
            throw new InvalidOperationException(
                $"{Description.Name} has no training step to undo: UndoStep takes back the last Forward and Backward, once, and not after an optimizer's Update.");
        }

        if (changes == StepChanges.Backward && States.Count > 0)
            device.RestoreStates();
        changes = StepChanges.None;
        awaitsBackward = false;
        steps--;
    }

    /// <summary>Called by an optimizer after it has changed parameters.</summary>
    internal void Updated() => changes = StepChanges.Updated;

    /// <summary>Runs the backward pass in a way that can be undone.</summary>
    private void BackwardUndoably(Batch batch)
    {
        if (States.Count > 0)
            device.SaveStates();
        changes = StepChanges.Backward;
        device.Backward(batch);
    }
}

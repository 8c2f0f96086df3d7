namespace ModelDsl;

/// <content>Steps that are not carried out.</content>
public abstract partial class Model
{
    /// <summary>What the last training step changed that <see cref="UndoStep"/> can take back.</summary>
    private StepChanges changes;

    /// <summary>What a training step may have changed.</summary>
    private enum StepChanges
    {
        /// <summary>There is no step, or it has been updated by or undone.</summary>
        None,

        /// <summary>The number of steps, which the masks of dropout follow.</summary>
        Forward,

        /// <summary>That and the states, whose earlier values the device keeps.</summary>
        Backward,

        /// <summary>The parameters too, by an optimizer.</summary>
        Updated,
    }

    /// <summary>
    /// Takes back the last training step before an optimizer's <c>Update</c>: <see cref="States"/> have the values from before its <c>Backward</c> again, and the next
    /// step draws the masks of dropout that this one drew. Parameters have not been changed yet. Loss, outputs and gradients stay as the step left them. For loops of one's own, when
    /// a loss is not finite; <see cref="Trainer.Fit"/> does it by itself.
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
    /// <remarks>To make this possible, each <c>Backward</c> of a model with states copies them first: a few thousand floats, without allocation.</remarks>
    /// <exception cref="InvalidOperationException">
    /// There is no step to take back: none has begun, or it has been taken back or updated by already. Or another thread is using the model.
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

    /// <summary>Told by an optimizer that it has changed parameters.</summary>
    internal void Updated() => changes = StepChanges.Updated;

    /// <summary>Runs the backward pass so that it can be undone.</summary>
    private void BackwardUndoably(Batch batch)
    {
        if (States.Count > 0)
            device.SaveStates();
        changes = StepChanges.Backward;
        device.Backward(batch);
    }
}

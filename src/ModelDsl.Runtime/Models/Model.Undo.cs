using ModelDsl.Devices;
using ModelDsl.Models;

namespace ModelDsl;

/// <content><content>Undoing a training step.</content></content>
public abstract partial class Model
{
    /// <summary>The changes of the last training step that <see cref="UndoStep"/> can undo.</summary>
    private StepChanges changes;

    /// <summary>The number of training steps since the last update whose gradients were added to a sum.</summary>
    private uint accumulated;

    /// <summary>The part whose gradients the last backward pass has computed.</summary>
    private string trainedPart = "";

    /// <summary>The changes of a training step.</summary>
    private enum StepChanges
    {
        /// <summary>There is no step, or it was undone.</summary>
        None,

        /// <summary>The number of steps, which the masks of dropout depend on.</summary>
        Forward,

        /// <summary>The number of steps and the states, whose earlier values the device keeps.</summary>
        Backward,

        /// <summary>The same; the gradients were added to a sum.</summary>
        Accumulated,

        /// <summary>The parameters as well, by an optimizer.</summary>
        Updated,
    }

    /// <summary>
    /// Undoes the last training step before an optimizer's <c>Update</c>: <see cref="States"/> get the values that they had before its <c>Backward</c>, and the next
    /// step draws the same masks of dropout. Parameters have not changed yet. The loss, outputs and gradients of the step are kept. Custom training loops call this when
    /// a loss is not finite; <see cref="Trainer.Fit"/> does so automatically. All steps since the last update whose gradients a <see cref="GradientAccumulator"/> has added are undone
    /// together, and its sum is discarded.
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
        using var access = WriteStates();
        if (changes is StepChanges.None or StepChanges.Updated)
        {
            throw new InvalidOperationException(
                $"{Description.Name} has no training step to undo: UndoStep takes back the last Forward and Backward, once, and not after an optimizer's Update.");
        }

        if ((changes != StepChanges.Forward || accumulated > 0) && States.Count > 0)
            device.RestoreStates();
        steps = beforeMicroBatches ?? (steps - (stepsPerBatch * (accumulated + (changes == StepChanges.Accumulated ? 0u : 1u))));
        beforeMicroBatches = null;
        UndoneSteps++;
        (changes, accumulated, mean) = (StepChanges.None, 0, null);
        awaitsBackward = false;
    }

    /// <summary>How often steps were undone.</summary>
    internal int UndoneSteps { get; private set; }

    /// <summary>Whether gradients were added to a sum, and no update has followed.</summary>
    internal bool IsAccumulating => accumulated > 0;

    /// <summary>Called by an optimizer after it has changed parameters.</summary>
    internal void Updated()
    {
        (changes, accumulated, beforeMicroBatches, mean) = (StepChanges.Updated, 0, null, null);
        device.Updated();
    }

    /// <summary>Checks that the gradients of a part can be added to a sum, and reserves the model until the result is disposed.</summary>
    /// <param name="part">The name of the part; empty for the whole model.</param>
    /// <param name="weight">The weight of the mean loss of the last step: the number of its samples, or of its labels that count.</param>
    internal Access BeginAccumulation(string part, out double weight)
    {
        ThrowIfDisposed();
        if (changes != StepChanges.Backward || forwarded is null)
        {
            throw new InvalidOperationException(
                $"{Description.Name} has no gradients to add: call Add once after each Backward, and before the optimizer's Update.");
        }

        if (trainedPart != part)
        {
            throw new InvalidOperationException(
                $"The last training step of {Description.Name} has computed the gradients of {Named(trainedPart)}, and not of {Named(part)}: create the accumulator with the part that the loss trains.");
        }

        weight = LossWeight.Of(Description, forwarded);
        var access = Train();
        (changes, accumulated) = (StepChanges.Accumulated, accumulated + 1);
        return access;
    }

    /// <summary>Reserves the model until the result is disposed, to replace the gradients by their mean.</summary>
    internal Access BeginWritingMean() => Train();

    /// <summary>Makes steps whose sum of gradients was discarded no longer undoable.</summary>
    internal void StopAccumulating() => (changes, accumulated, beforeMicroBatches, mean) = (StepChanges.None, 0, null, null);

    /// <summary>Runs the backward pass in a way that can be undone.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="part">The part whose gradients are computed; empty for the whole model.</param>
    /// <param name="completed">What is told which gradients are final; null for nothing.</param>
    private void BackwardUndoably(Batch batch, string part = "", ICompletedGradients? completed = null)
    {
        // Steps whose gradients are summed are undone together.
        if (States.Count > 0 && accumulated == 0)
            device.SaveStates();
        (changes, mean) = (StepChanges.Backward, null);
        trainedPart = part;
        device.Backward(batch, completed);
    }

    private static string Named(string part) => part.Length == 0 ? "the whole model" : $"'{part}'";
}

namespace ModelDsl;

/// <content><content>Steps whose batch is computed in micro-batches, with the gradients added outside the model.</content></content>
public abstract partial class Model
{
    /// <summary>The number of steps before the first micro-batch; null if no step is computed in micro-batches.</summary>
    private uint? beforeMicroBatches;

    /// <summary>By how much the last batch has increased the number of steps: the number of its micro-batches on all ranks.</summary>
    private uint stepsPerBatch = 1;

    /// <summary>The part whose gradients are the mean that an accumulator has written, and the weight of its batches; null if other gradients were computed or used since.</summary>
    private (string Part, double Weight)? mean;

    /// <summary>Returns the number of the step of a batch, which the masks of dropout depend on. Micro-batches of one batch, on several ranks, have different ones.</summary>
    /// <param name="batch">The batch.</param>
    private uint NextStep(Batch batch)
    {
        stepsPerBatch = batch.MicroBatch.Count;
        var step = steps + batch.MicroBatch.Number;
        steps += stepsPerBatch;
        return step;
    }

    /// <summary>Begins a step of several micro-batches. <see cref="UndoStep"/> undoes all of them.</summary>
    internal void BeginMicroBatches()
    {
        using var access = Train();
        if (States.Count > 0)
            device.SaveStates();

        // Not 0, so that the micro-batches do not save the states again.
        (beforeMicroBatches, changes, accumulated) = (steps, StepChanges.Forward, 1);
    }

    /// <summary>Restores the states before the first micro-batch.</summary>
    internal void RestoreStatesOfMicroBatches()
    {
        if (States.Count == 0)
            return;
        using var access = WriteStates();
        device.RestoreStates();
    }

    /// <summary>Sets the number of the micro-batch that is computed next, which the masks of dropout depend on.</summary>
    /// <param name="number">The number of the micro-batch in the step.</param>
    internal void BeginMicroBatch(uint number) => steps = beforeMicroBatches!.Value + number;

    /// <summary>Ends a step of several micro-batches: its gradients have been written, and an update can follow.</summary>
    /// <param name="count">The number of micro-batches of the step, also those that were not computed here.</param>
    internal void EndMicroBatches(uint count)
    {
        steps = beforeMicroBatches!.Value + count;
        (changes, accumulated) = (StepChanges.Accumulated, 1);
        GradientsWritten();
    }

    /// <summary>Called by an accumulator after it has replaced the gradients by their mean.</summary>
    /// <param name="part">The part; empty for the whole model.</param>
    /// <param name="weight">The sum of the weights of the batches.</param>
    internal void MeanWritten(string part, double weight)
    {
        mean = (part, weight);
        GradientsWritten(part);
    }

    /// <summary>Checks that gradients can be averaged over ranks, and returns their weight: that of the last step, or of all batches of an accumulator that has just written their mean.</summary>
    /// <param name="part">The part; empty for the whole model.</param>
    internal double BeginReduction(string part)
    {
        if (mean is { } written && written.Part == part)
        {
            mean = null;
            return written.Weight;
        }

        if (changes == StepChanges.Accumulated)
        {
            throw new InvalidOperationException(
                $"The gradients of {Description.Name} were already reduced or are in an accumulator: call Reduce once, after Backward or, with a {nameof(GradientAccumulator)}, right after WriteMean.");
        }

        if (changes == StepChanges.Backward && trainedPart != part)
        {
            throw new InvalidOperationException(
                $"The last training step of {Description.Name} has computed the gradients of {Named(trainedPart)}, and not of {Named(part)}: call Reduce with the part that the loss trains, before the step of another loss.");
        }

        using var access = BeginAccumulation(part, out var weight);
        return weight;
    }
}

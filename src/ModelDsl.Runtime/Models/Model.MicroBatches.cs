namespace ModelDsl;

/// <content><content>Steps whose batch is computed in pieces, with the gradients added outside the model.</content></content>
public abstract partial class Model
{
    /// <summary>The number of steps before the first piece; null if no step is computed in pieces.</summary>
    private uint? beforePieces;

    /// <summary>By how much the last batch has increased the number of steps: the number of its pieces on all ranks.</summary>
    private uint stepsPerBatch = 1;

    /// <summary>Returns the number of the step of a batch, which the masks of dropout depend on. Pieces of one batch, on several ranks, have different ones.</summary>
    /// <param name="batch">The batch.</param>
    private uint NextStep(Batch batch)
    {
        stepsPerBatch = batch.Piece.Count;
        var step = steps + batch.Piece.Number;
        steps += stepsPerBatch;
        return step;
    }

    /// <summary>Begins a step of several pieces. <see cref="UndoStep"/> undoes all of them.</summary>
    internal void BeginPieces()
    {
        using var access = Train();
        if (States.Count > 0)
            device.SaveStates();

        // Not 0, so that the pieces do not save the states again.
        (beforePieces, changes, accumulated) = (steps, StepChanges.Forward, 1);
    }

    /// <summary>Restores the states before the first piece.</summary>
    internal void RestoreStatesOfPieces()
    {
        if (States.Count == 0)
            return;
        using var access = Write();
        device.RestoreStates();
    }

    /// <summary>Sets the number of the piece that is computed next, which the masks of dropout depend on.</summary>
    /// <param name="number">The number of the piece in the step.</param>
    internal void BeginPiece(uint number) => steps = beforePieces!.Value + number;

    /// <summary>Ends a step of several pieces: its gradients have been written, and an update can follow.</summary>
    /// <param name="count">The number of pieces of the step, also those that were not computed here.</param>
    internal void EndPieces(uint count)
    {
        steps = beforePieces!.Value + count;
        (changes, accumulated) = (StepChanges.Accumulated, 1);
        GradientsWritten();
    }

    /// <summary>Checks that the gradients of the last step can be averaged, and returns their weight.</summary>
    internal double BeginReduction()
    {
        using var access = BeginAccumulation("", out var weight);
        return weight;
    }
}

using ModelDsl.Models;

namespace ModelDsl.Training;

/// <summary>The forward and backward passes before an update: of one batch, or of several whose gradients are averaged.</summary>
/// <param name="model">The model.</param>
/// <param name="batches">The number of batches per update.</param>
internal sealed class UpdateStep(Model model, int batches) : IDisposable
{
    private readonly GradientAccumulator? accumulator = batches > 1 ? new GradientAccumulator(model) : null;
    private double lossSum;
    private double weight;

    /// <summary>The number of batches since the last update.</summary>
    public int Batches { get; private set; }

    /// <summary>The number of samples since the last update.</summary>
    public int Samples { get; private set; }

    /// <summary>Whether an update is due.</summary>
    public bool IsComplete => Batches == batches;

    /// <summary>The weight of these samples in a mean of losses.</summary>
    public double Weight => weight;

    /// <summary>The mean loss of the samples since the last update.</summary>
    public double Loss => Batches == 1 ? lossSum : weight == 0 ? 0 : lossSum / weight;

    /// <summary>Runs the passes of a batch. Call <see cref="Add"/> if its loss is accepted.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>The mean loss of the batch.</returns>
    public double Run(Batch batch)
    {
        model.Forward(batch);
        model.Backward(batch);

        // On an asynchronous device this waits for the step, so that at most one step is queued.
        return model.LastLoss;
    }

    /// <summary>Adds the batch that was run last to the step.</summary>
    /// <param name="loss">Its mean loss.</param>
    /// <param name="batch">The batch.</param>
    public void Add(double loss, Batch batch)
    {
        accumulator?.Add();
        Batches++;

        // The loss of a single batch is not multiplied by its weight, which would round it.
        var own = LossWeight.Of(model.Description, batch);
        lossSum = Batches == 1 ? loss : (Batches == 2 ? lossSum * weight : lossSum) + (loss * own);
        weight += own;
        Samples += batch.Count;
    }

    /// <summary>Makes the gradients of the model those of all samples of the step.</summary>
    public void WriteMean() => accumulator?.WriteMean();

    /// <summary>Begins the next step.</summary>
    public void Clear() => (Batches, Samples, lossSum, weight) = (0, 0, 0, 0);

    /// <summary>Frees the memory of the sum of gradients.</summary>
    public void Dispose() => accumulator?.Dispose();

    /// <summary>Undoes the batches since the last update, if there are any.</summary>
    public void Undo()
    {
        if (Batches > 0)
            model.UndoStep();
        Clear();
    }
}

using ModelDsl.Models;

namespace ModelDsl.Training;

/// <summary>The forward and backward passes before an update: of one batch, or of several whose gradients are averaged.</summary>
/// <param name="model">The model.</param>
/// <param name="batches">The number of batches per update.</param>
internal sealed class UpdateStep(Model model, int batches) : IUpdateStep
{
    private readonly GradientAccumulator? accumulator = batches > 1 ? new GradientAccumulator(model) : null;
    private double lossSum;
    private double weight;

    /// <inheritdoc/>
    public int Batches { get; private set; }

    /// <inheritdoc/>
    public int PerStep => batches;

    /// <inheritdoc/>
    public int Samples { get; private set; }

    /// <inheritdoc/>
    public bool IsComplete => Batches == batches;

    /// <inheritdoc/>
    public double Weight => weight;

    /// <inheritdoc/>
    public double Loss => Batches == 1 ? lossSum : weight == 0 ? 0 : lossSum / weight;

    /// <inheritdoc/>
    public double Run(Batch batch)
    {
        model.Forward(batch);
        model.Backward(batch);

        // On an asynchronous device this waits for the step, so that at most one step is queued.
        return model.LastLoss;
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public void WriteMean() => accumulator?.WriteMean();

    /// <inheritdoc/>
    public void Clear() => (Batches, Samples, lossSum, weight) = (0, 0, 0, 0);

    /// <inheritdoc/>
    public void Dispose() => accumulator?.Dispose();

    /// <inheritdoc/>
    public void Undo()
    {
        if (Batches > 0)
            model.UndoStep();
        Clear();
    }
}

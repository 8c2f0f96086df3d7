using ModelDsl.Devices;

namespace ModelDsl;

/// <summary>
/// Averages the gradients of several batches, so that an update has the gradients of a large batch and the memory of a small one. <see cref="Trainer.AccumulateSteps"/> does the same
/// in <see cref="Trainer.Fit"/>.
/// </summary>
/// <remarks>
/// <para>The mean is over samples: a batch with fewer samples counts less. If labels are ignored or padding, it is over the labels that count, and weights of samples and
/// classes are those of the mean, as in the loss of one large batch.
/// The gradients are those of the large batch up to rounding, except in layers that normalise over the batch, which use the statistics of each small one.</para>
/// <para>The sum needs one float for each trainable parameter. Adding allocates nothing.</para>
/// </remarks>
/// <example>
/// <code>
/// using var accumulator = new GradientAccumulator(model);
/// foreach (Batch batch in data.Batches(8))
/// {
///     model.Forward(batch);
///     model.Backward(batch);
///     accumulator.Add();
///     if (accumulator.Batches == 4)
///     {
///         accumulator.WriteMean();
///         optimizer.Update(model);
///     }
/// }
/// </code>
/// </example>
public sealed class GradientAccumulator : IDisposable
{
    private readonly Model model;
    private readonly string part;
    private readonly GradientSum sum;
    private double unit;
    private double total;
    private int undoneSteps;

    /// <summary>Creates an accumulator of the gradients of a model with one loss.</summary>
    /// <param name="model">The model.</param>
    public GradientAccumulator(Model model)
        : this(model, "")
    {
    }

    /// <summary>Creates an accumulator of the gradients of a part of a model with several losses.</summary>
    /// <param name="part">The part.</param>
    public GradientAccumulator(ModelPart part)
        : this(part?.Model!, part?.Name!)
    {
    }

    private GradientAccumulator(Model model, string part)
    {
        ArgumentNullException.ThrowIfNull(model);
        (this.model, this.part) = (model, part);
        var parameters = model.Description.Parameters.Where(parameter => parameter.Trainable && ModelPart.Contains(part, parameter.Name)).ToArray();
        var (start, end) = parameters.Length == 0 ? (0, 0) : (parameters[0].Offset, parameters[^1].Offset + parameters[^1].Layout.Floats);
        sum = model.OnDevice.CreateGradientSum(start, end - start);
    }

    /// <summary>The number of batches in the sum.</summary>
    public int Batches { get; private set; }

    /// <summary>Adds the gradients of the last backward pass. Call it once after each <c>Backward</c>.</summary>
    /// <exception cref="InvalidOperationException">
    /// There was no backward pass, its gradients were already added or used by an update, or they are those of another part; or another thread is training the model.
    /// </exception>
    public void Add()
    {
        if (undoneSteps != model.UndoneSteps)
            Batches = 0;
        using var access = model.BeginAccumulation(part, out var weight);
        if (Batches == 0)
            (unit, total, undoneSteps) = (weight > 0 ? weight : 1, 0, model.UndoneSteps);

        // Relative to the first batch, so that a single batch keeps its gradients exactly.
        var relative = weight / unit;
        sum.Add((float)relative, Batches == 0);
        total += relative;
        Batches++;
    }

    /// <summary>Replaces the gradients of the model by the mean over all samples that were added, and begins the next sum. An optimizer's <c>Update</c> follows.</summary>
    /// <exception cref="InvalidOperationException">No gradients were added, or they were discarded by <see cref="Model.UndoStep"/>; or another thread is training the model.</exception>
    public void WriteMean()
    {
        if (Batches == 0 || undoneSteps != model.UndoneSteps)
            throw new InvalidOperationException($"No gradients of {model.Description.Name} were added since the last mean: call Add after each Backward.");
        using (model.BeginWritingMean())
            sum.WriteMean(total == 0 ? 1 : (float)total);
        model.MeanWritten(part, total * unit);
        Batches = 0;
    }

    /// <summary>Discards the gradients that were added.</summary>
    public void Clear()
    {
        Batches = 0;
        model.StopAccumulating();
    }

    /// <summary>Frees the memory of the sum, which matters on GPUs. Gradients that <see cref="WriteMean"/> has written stay.</summary>
    public void Dispose() => sum.Dispose();
}

using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>
/// A number that says how good a model is, gathered batch by batch. Derive from it for a measure of your own.
/// </summary>
/// <remarks>An instance gathers one thing at a time: do not give the same one to two trainers that run side by side.</remarks>
public abstract class Metric
{
    /// <summary>What it is called in histories and on the screen, such as <c>accuracy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a greater value is a better one.</summary>
    public virtual bool HigherIsBetter => true;

    /// <summary>Which of the model's outputs is looked at; 0 by default.</summary>
    public int Output { get; init; }

    /// <summary>Which of the model's targets the output is compared with; 0 by default.</summary>
    public int Target { get; init; }

    /// <summary>The value over all batches since the last <see cref="Reset"/>; NaN without any.</summary>
    public abstract double Result { get; }

    /// <summary>Forgets all batches.</summary>
    public abstract void Reset();

    /// <summary>Takes a batch in. Does not allocate once it has seen batches of this size.</summary>
    /// <param name="batch">What the model said, and what is true.</param>
    /// <exception cref="InvalidOperationException">The metric cannot be computed from such outputs and targets.</exception>
    public abstract void Update(in MetricBatch batch);

    /// <summary>
    /// The metrics of a model for which nobody names others, one for each output that its loss compares with a column of the data:
    /// <see cref="Accuracy"/> for classes, and for one yes or no per sample; <see cref="MeanAbsoluteError"/> for distances to numbers; none for several
    /// values between 0 and 1 per sample, which may be a picture as well as answers, nor for a loss that says nothing of what it compares.
    /// </summary>
    /// <param name="model">The model.</param>
    public static IReadOnlyList<Metric> DefaultsFor(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. DefaultMetrics.Of(model)];
    }
}

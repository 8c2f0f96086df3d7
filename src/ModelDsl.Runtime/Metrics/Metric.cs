using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>
/// A number that measures the quality of a model and is accumulated over batches. Derive from this class for a custom metric.
/// </summary>
/// <remarks>An instance accumulates one result at a time: do not use the same instance in two trainers that run at the same time.</remarks>
public abstract class Metric
{
    /// <summary>The name in histories and views, such as <c>accuracy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether greater values are better.</summary>
    public virtual bool HigherIsBetter => true;

    /// <summary>The index of the model's output to measure; 0 by default.</summary>
    public int Output { get; init; }

    /// <summary>The index of the model's target that the output is compared with; 0 by default. A column with the weights of samples does not count.</summary>
    public int Target { get; init; }

    /// <summary>The value over all batches since the last <see cref="Reset"/>; NaN if there are none.</summary>
    public abstract double Result { get; }

    /// <summary>Discards all batches.</summary>
    public abstract void Reset();

    /// <summary>Adds a batch. Does not allocate for a batch whose size is not greater than that of earlier batches.</summary>
    /// <param name="batch">The outputs of the model, and the true values.</param>
    /// <exception cref="InvalidOperationException">The metric cannot be computed from such outputs and targets.</exception>
    public abstract void Update(in MetricBatch batch);

    /// <summary>
    /// Returns a metric with the same settings and without batches; null, the default, if the metric has no <see cref="Add"/>. A group of ranks (<see cref="Trainer.Group"/>) computes a metric for each part of the
    /// batches; it also needs <see cref="ICheckpointState"/>, to send the sums.
    /// </summary>
    public virtual Metric? CreateEmpty() => null;

    /// <summary>Adds the batches of another metric.</summary>
    /// <param name="other">A metric that <see cref="CreateEmpty"/> has returned.</param>
    /// <exception cref="NotSupportedException">The class does not override this method.</exception>
    public virtual void Add(Metric other) => throw new NotSupportedException($"{GetType().Name} does not override {nameof(Add)}.");

    /// <summary>Returns the other metric of an addition.</summary>
    private protected static T Cast<T>(Metric other)
        where T : Metric => other as T ?? throw new ArgumentException($"The batches of a metric are added to one of the same class, {typeof(T).Name}.", nameof(other));

    /// <summary>
    /// Returns the default metrics of a model, one for each output that its loss compares with a column of the data:
    /// <see cref="Accuracy"/> for classes, and for one binary decision per sample; <see cref="MeanAbsoluteError"/> for numbers; none for several
    /// values between 0 and 1 per sample, which may be an image as well as decisions, and none for a loss that does not declare what it compares.
    /// </summary>
    /// <param name="model">The model.</param>
    public static IReadOnlyList<Metric> DefaultsFor(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. DefaultMetrics.Of(model)];
    }
}

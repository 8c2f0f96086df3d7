namespace ModelDsl;

/// <summary>
/// Looks up a row of a table for each token: <c>y[n, t] = weight[x[n, t]]</c>. Shapes: tokens <c>[N, T]</c> → <c>[N, T, width]</c>; parameter
/// <c>weight [vocabulary, width]</c>, with the vocabulary of the input. Keras and PyTorch <c>Embedding</c>.
/// </summary>
/// <param name="width">The number of values per token; positive.</param>
public sealed class EmbeddingAttribute(int width) : WeightedLayerAttribute
{
    /// <summary>The number of values per token.</summary>
    public int Width { get; } = width;

    /// <summary>The initializer of the table; <see cref="Init.Uniform"/> in ±0.05 by default, as in Keras.</summary>
    public Init Initializer { get; set; }

    /// <summary>
    /// The scale of <see cref="Initializer"/>, whose meaning depends on the <see cref="Init"/>. Positive; NaN, the default, for the default scale.
    /// </summary>
    public double InitScale { get; set; } = double.NaN;

    /// <summary>
    /// Whether a training step updates only the rows of the tokens in its batch, with their states of the optimizer. With a large vocabulary and small batches that saves most of the
    /// time of an update. Other rows then keep their values, even if the optimizer has momentum: Adam becomes PyTorch's <c>SparseAdam</c>. The layer must read a token input directly and be
    /// applied once, in a model with one loss; on CPUs only.
    /// </summary>
    public bool SparseUpdates { get; set; }
}

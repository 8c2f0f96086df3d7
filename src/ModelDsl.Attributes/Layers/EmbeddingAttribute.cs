namespace ModelDsl;

/// <summary>
/// A row of a table for each token: <c>y[n, t] = weight[x[n, t]]</c>. Shapes: tokens <c>[N, T]</c> → <c>[N, T, width]</c>; parameter
/// <c>weight [vocabulary, width]</c>, the vocabulary being the input's. Keras and PyTorch <c>Embedding</c>.
/// </summary>
/// <param name="width">The number of values per token; positive.</param>
public sealed class EmbeddingAttribute(int width) : WeightedLayerAttribute
{
    /// <summary>The number of values per token.</summary>
    public int Width { get; } = width;

    /// <summary>How the table is filled; <see cref="Init.Uniform"/> in ±0.05 by default, as in Keras.</summary>
    public Init Initializer { get; set; }

    /// <summary>
    /// The scale of <see cref="Initializer"/>: what it means is said at each <see cref="Init"/>. Positive; NaN when left out.
    /// </summary>
    public double InitScale { get; set; } = double.NaN;
}

namespace ModelDsl;

/// <summary>
/// Adds a learned vector for each position: <c>y[n, t] = x[n, t] + weight[t]</c>. Shapes: <c>[N, T, width]</c> → the same; parameter
/// <c>weight [T, width]</c> (Gehring et al., 2017; BERT, GPT-2).
/// </summary>
public sealed class PositionalEmbeddingAttribute : WeightedLayerAttribute
{
    /// <summary>How the table is filled; <see cref="Init.Uniform"/> in ±0.05 by default.</summary>
    public Init Initializer { get; set; }

    /// <summary>
    /// The scale of <see cref="Initializer"/>: what it means is said at each <see cref="Init"/>. Positive; NaN when left out.
    /// </summary>
    public double InitScale { get; set; } = double.NaN;
}

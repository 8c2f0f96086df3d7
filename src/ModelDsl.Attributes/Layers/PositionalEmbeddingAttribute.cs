namespace ModelDsl;

/// <summary>
/// Adds a trainable vector for each position: <c>y[n, t] = x[n, t] + weight[t]</c>. Shapes: <c>[N, T, width]</c> → the same; parameter
/// <c>weight [T, width]</c> (Gehring et al., 2017; BERT, GPT-2).
/// </summary>
public sealed class PositionalEmbeddingAttribute : WeightedLayerAttribute
{
    /// <summary>The initializer of the table; <see cref="Init.Uniform"/> in ±0.05 by default.</summary>
    public Init Initializer { get; set; }

    /// <summary>
    /// The scale of <see cref="Initializer"/>, whose meaning depends on the <see cref="Init"/>. Positive; NaN, the default, for the default scale.
    /// </summary>
    public double InitScale { get; set; } = double.NaN;
}

namespace ModelDsl;

/// <summary>
/// Normalizes the last axis: <c>y = (x − mean) / √(variance + ε) · scale + bias</c>. Shapes: <c>[N, …, width]</c> → the same; parameters
/// <c>weight [width]</c>, ones, and <c>bias [width]</c>, zeros (Ba et al., 2016).
/// </summary>
public sealed class LayerNormAttribute : WeightedLayerAttribute
{
    /// <summary>ε, which prevents division by zero; positive.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether the result is multiplied by a trainable scale.</summary>
    public bool UseScale { get; set; } = true;

    /// <summary>Whether a trainable bias is added.</summary>
    public bool UseBias { get; set; } = true;
}

namespace ModelDsl;

/// <summary>
/// Normalises the last axis: <c>y = (x − mean) / √(variance + ε) · scale + bias</c>. Shapes: <c>[N, …, width]</c> → the same; parameters
/// <c>weight [width]</c>, ones, and <c>bias [width]</c>, zeros (Ba et al., 2016).
/// </summary>
public sealed class LayerNormAttribute : WeightedLayerAttribute
{
    /// <summary>ε, which keeps the root away from 0; positive.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether the result is multiplied by a learned scale.</summary>
    public bool UseScale { get; set; } = true;

    /// <summary>Whether a learned bias is added.</summary>
    public bool UseBias { get; set; } = true;
}

namespace ModelDsl;

/// <summary>
/// Divides the last axis by its root mean square: <c>y = x / √(mean(x²) + ε) · scale</c>. Shapes: <c>[N, …, width]</c> → the same;
/// parameter <c>weight [width]</c>, ones (Zhang and Sennrich, 2019).
/// </summary>
public sealed class RmsNormAttribute : WeightedLayerAttribute
{
    /// <summary>ε, which prevents division by zero; positive.</summary>
    public double Epsilon { get; set; } = 1e-6;

    /// <summary>Whether the result is multiplied by a trainable scale.</summary>
    public bool UseScale { get; set; } = true;
}

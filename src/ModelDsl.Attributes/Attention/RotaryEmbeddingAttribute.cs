namespace ModelDsl;

/// <summary>
/// Rotates pairs of values by angles that are proportional to the position, so that products of two rotated vectors depend on the distance of their positions (RoPE; Su et al.,
/// 2021): value <c>i</c> and value <c>i + d/2</c> of <c>d</c> at position <c>t</c> are rotated by <c>t · base^(−2i/d)</c>. Shapes: <c>[N, T, …, d]</c> → the same; <c>d</c> is even.
/// </summary>
public sealed class RotaryEmbeddingAttribute : LayerAttribute
{
    /// <summary>The base of the angles; greater than 1.</summary>
    public double Base { get; set; } = 10_000;
}

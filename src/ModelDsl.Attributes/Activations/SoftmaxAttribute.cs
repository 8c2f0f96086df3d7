namespace ModelDsl;

/// <summary>
/// Probabilities over the last axis: <c>yᵢ = e^xᵢ / Σⱼ e^xⱼ</c>. Shapes: <c>[N, …, classes]</c> → the same. Do not use it before a
/// <see cref="SoftmaxCrossEntropyAttribute"/>, which applies it itself.
/// </summary>
public sealed class SoftmaxAttribute : LayerAttribute;

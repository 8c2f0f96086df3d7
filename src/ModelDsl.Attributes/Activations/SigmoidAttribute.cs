namespace ModelDsl;

/// <summary>
/// The logistic function: <c>σ(x) = 1 / (1 + e⁻ˣ)</c>. Shapes: any → the same. Do not use it before a <see cref="BinaryCrossEntropyAttribute"/>,
/// which applies it itself.
/// </summary>
public sealed class SigmoidAttribute : LayerAttribute;

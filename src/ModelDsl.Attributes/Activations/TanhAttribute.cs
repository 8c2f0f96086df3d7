namespace ModelDsl;

/// <summary>
/// Hyperbolic tangent: <c>tanh(x)</c>. Shapes: any → the same.
/// </summary>
public sealed class TanhAttribute : LayerAttribute;

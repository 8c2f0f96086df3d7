namespace ModelDsl;

/// <summary>
/// Combines all axes of a sample into one, in row-major order. Shapes: <c>[N, a, b, …]</c> → <c>[N, a·b·…]</c>. It copies nothing.
/// </summary>
public sealed class FlattenAttribute : LayerAttribute;

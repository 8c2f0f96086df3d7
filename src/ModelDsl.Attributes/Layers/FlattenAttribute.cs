namespace ModelDsl;

/// <summary>
/// All values of a sample in one row, the last axis fastest. Shapes: <c>[N, a, b, …]</c> → <c>[N, a·b·…]</c>. Costs nothing.
/// </summary>
public sealed class FlattenAttribute : LayerAttribute;

namespace ModelDsl;

/// <summary>The values at the last position that is not padding: <c>y[n, …] = x[n, T − 1, …]</c>. Shapes: <c>[N, T, …]</c> → <c>[N, …]</c>.</summary>
public sealed class LastAttribute : LayerAttribute;

namespace ModelDsl;

/// <summary>
/// Rectified linear unit: <c>max(x, 0)</c>. Shapes: any → the same (Nair and Hinton, 2010).
/// </summary>
public sealed class ReluAttribute : LayerAttribute;

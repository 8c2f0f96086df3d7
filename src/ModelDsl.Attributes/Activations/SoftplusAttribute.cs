namespace ModelDsl;

/// <summary>
/// A smooth rectifier: <c>log(1 + eˣ)</c>. Shapes: any → the same (Dugas et al., 2000).
/// </summary>
public sealed class SoftplusAttribute : LayerAttribute;

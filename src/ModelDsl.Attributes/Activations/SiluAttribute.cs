namespace ModelDsl;

/// <summary>
/// Sigmoid linear unit, also called swish: <c>x·σ(x)</c>. Shapes: any → the same (Elfwing et al., 2017).
/// </summary>
public sealed class SiluAttribute : LayerAttribute;

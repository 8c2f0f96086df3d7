namespace ModelDsl;

/// <summary>
/// Rectified linear unit with a small slope for negative values: <c>x ≥ 0 ? x : slope·x</c>. Shapes: any → the same (Maas et al., 2013).
/// </summary>
public sealed class LeakyReluAttribute : LayerAttribute
{
    /// <summary>The slope for negative values; not negative. The default is 0.01, as in PyTorch.</summary>
    public double Slope { get; set; } = 0.01;
}

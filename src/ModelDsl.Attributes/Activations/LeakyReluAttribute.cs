namespace ModelDsl;

/// <summary>
/// Rectified linear unit that lets a little through below 0: <c>x ≥ 0 ? x : slope·x</c>. Shapes: any → the same (Maas et al., 2013).
/// </summary>
public sealed class LeakyReluAttribute : LayerAttribute
{
    /// <summary>The slope below 0; not negative. 0.01 by default, as in PyTorch.</summary>
    public double Slope { get; set; } = 0.01;
}

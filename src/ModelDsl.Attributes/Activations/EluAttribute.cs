namespace ModelDsl;

/// <summary>
/// Exponential linear unit: <c>x ≥ 0 ? x : α·(eˣ − 1)</c>. Shapes: any → the same (Clevert et al., 2015).
/// </summary>
public sealed class EluAttribute : LayerAttribute
{
    /// <summary>α; the function approaches −α for large negative x. Positive.</summary>
    public double Alpha { get; set; } = 1;
}

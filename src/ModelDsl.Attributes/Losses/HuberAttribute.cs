namespace ModelDsl;

/// <summary>
/// The loss <c>|d| ≤ δ ? ½·d² : δ·(|d| − ½·δ)</c> with <c>d = y − t</c>, averaged over all elements and samples. Shapes: output <c>[N,
/// …]</c>, target the same (Huber, 1964). PyTorch <c>HuberLoss</c>.
/// </summary>
public sealed class HuberAttribute : TargetLossAttribute
{
    /// <summary>δ, the limit between the quadratic and the linear part; positive.</summary>
    public double Delta { get; set; } = 1;
}

namespace ModelDsl;

/// <summary>
/// Gaussian error linear unit: <c>x·Φ(x)</c>, where Φ is the cumulative distribution function of the normal distribution. Shapes: any → the same (Hendrycks and
/// Gimpel, 2016).
/// </summary>
public sealed class GeluAttribute : LayerAttribute
{
    /// <summary>
    /// Whether Φ is approximated by <c>½·(1 + tanh(√(2/π)·(x + 0.044715·x³)))</c>, which is faster; GPT-2 was trained with it.
    /// </summary>
    public bool Approximate { get; set; }
}

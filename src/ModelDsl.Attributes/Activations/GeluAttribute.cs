namespace ModelDsl;

/// <summary>
/// Gaussian error linear unit: <c>x·Φ(x)</c>, Φ being the normal distribution's cumulative function. Shapes: any → the same (Hendrycks and
/// Gimpel, 2016).
/// </summary>
public sealed class GeluAttribute : LayerAttribute
{
    /// <summary>
    /// Whether Φ is approximated by <c>½·(1 + tanh(√(2/π)·(x + 0.044715·x³)))</c>, which is cheaper and what GPT-2 was trained with.
    /// </summary>
    public bool Approximate { get; set; }
}

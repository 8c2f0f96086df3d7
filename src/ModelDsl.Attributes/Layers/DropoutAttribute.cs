namespace ModelDsl;

/// <summary>
/// In training, each value is 0 with probability <c>rate</c> and is divided by <c>1 − rate</c> otherwise; elsewhere the identity. Shapes:
/// any →
/// the same (Srivastava et al., 2014).
/// </summary>
/// <param name="rate">The share of values dropped, from 0 up to but not including 1.</param>
public sealed class DropoutAttribute(double rate) : LayerAttribute
{
    /// <summary>The share of values dropped.</summary>
    public double Rate { get; } = rate;
}

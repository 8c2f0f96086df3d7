namespace ModelDsl;

/// <summary>
/// In training, sets each value to 0 with probability <c>rate</c>, and otherwise divides it by <c>1 − rate</c>. In evaluation and prediction it is the identity.
/// Shapes: any → the same (Srivastava et al., 2014).
/// </summary>
/// <param name="rate">The fraction of values that are dropped, at least 0 and less than 1.</param>
public sealed class DropoutAttribute(double rate) : LayerAttribute
{
    /// <summary>The fraction of values that are dropped.</summary>
    public double Rate { get; } = rate;
}

namespace ModelDsl;

/// <summary>
/// In training, each channel of a sample is 0 at all positions with probability <c>rate</c> and is divided by <c>1 − rate</c> otherwise; elsewhere the
/// identity. Neighbouring values of a map say nearly the same, so dropping single ones drops little. Shapes: <c>[N, …, channels]</c> with at least one axis of
/// positions → the same (Tompson et al., 2015).
/// </summary>
/// <param name="rate">The share of channels dropped, from 0 up to but not including 1.</param>
public sealed class Dropout2DAttribute(double rate) : LayerAttribute
{
    /// <summary>The share of channels dropped.</summary>
    public double Rate { get; } = rate;
}

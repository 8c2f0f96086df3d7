namespace ModelDsl;

/// <summary>
/// In training, sets each channel of a sample to 0 at all positions with probability <c>rate</c>, and otherwise divides it by <c>1 − rate</c>. In evaluation and
/// prediction it is the identity. It is used because adjacent values of a feature map are similar, so that dropping single values has little effect. Shapes:
/// <c>[N, …, channels]</c> with at least one axis of positions → the same (Tompson et al., 2015).
/// </summary>
/// <param name="rate">The fraction of channels that are dropped, at least 0 and less than 1.</param>
public sealed class Dropout2DAttribute(double rate) : LayerAttribute
{
    /// <summary>The fraction of channels that are dropped.</summary>
    public double Rate { get; } = rate;
}

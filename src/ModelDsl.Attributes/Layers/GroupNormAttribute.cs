namespace ModelDsl;

/// <summary>
/// Normalizes the channels of each sample in groups, over all positions: <c>y = (x − mean) / √(variance + ε) · scale + bias</c>. Shapes:
/// <c>[N, …, channels]</c> → the same; parameters <c>weight [channels]</c>, ones, and <c>bias [channels]</c>, zeros (Wu and He, 2018).
/// </summary>
/// <remarks>
/// With as many groups as channels it is instance normalization. Unlike batch normalization, it computes the same in training and prediction, for batches of any size.
/// </remarks>
/// <param name="groups">The number of groups, a divisor of the number of channels.</param>
public sealed class GroupNormAttribute(int groups) : WeightedLayerAttribute
{
    /// <summary>The number of groups.</summary>
    public int Groups { get; } = groups;

    /// <summary>ε, which prevents division by zero; positive.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether the result is multiplied by a trainable scale.</summary>
    public bool UseScale { get; set; } = true;

    /// <summary>Whether a trainable bias is added.</summary>
    public bool UseBias { get; set; } = true;
}

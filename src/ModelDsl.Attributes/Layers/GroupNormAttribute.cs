namespace ModelDsl;

/// <summary>
/// Normalises each sample's channels in groups, over all positions: <c>y = (x − mean) / √(variance + ε) · scale + bias</c>. Shapes:
/// <c>[N, …, channels]</c> → the same; parameters <c>weight [channels]</c>, ones, and <c>bias [channels]</c>, zeros (Wu and He, 2018).
/// </summary>
/// <remarks>
/// As many groups as channels is instance normalisation. Unlike batch normalisation it does the same in training and elsewhere, for batches of any size.
/// </remarks>
/// <param name="groups">The number of groups, a divisor of the number of channels.</param>
public sealed class GroupNormAttribute(int groups) : WeightedLayerAttribute
{
    /// <summary>The number of groups.</summary>
    public int Groups { get; } = groups;

    /// <summary>ε, which keeps the root away from 0; positive.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether the result is multiplied by a learned scale.</summary>
    public bool UseScale { get; set; } = true;

    /// <summary>Whether a learned bias is added.</summary>
    public bool UseBias { get; set; } = true;
}

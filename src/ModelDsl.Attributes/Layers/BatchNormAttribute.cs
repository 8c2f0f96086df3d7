namespace ModelDsl;

/// <summary>
/// Normalizes each channel over the batch and all positions: <c>y = (x − mean) / √(variance + ε) · scale + bias</c>. Shapes:
/// <c>[N, …, channels]</c> → the same; parameters <c>weight [channels]</c>, ones, and <c>bias [channels]</c>, zeros; state
/// <c>running_mean [channels]</c>, zeros, and <c>running_var [channels]</c>, ones (Ioffe and Szegedy, 2015).
/// </summary>
/// <remarks>
/// <para>
/// In training, mean and variance are those of the batch, so the result of a sample depends on the other samples. Each training step moves the running
/// values towards them by <see cref="Momentum"/>; the running variance is unbiased. In evaluation and prediction the running values are used instead, and
/// samples do not depend on each other. This is PyTorch's <c>BatchNorm1d</c> and <c>BatchNorm2d</c>.
/// </para>
/// <para>
/// A batch of one sample with a single value per channel has no variance: training with it is an error.
/// </para>
/// <para>
/// A frozen layer also uses the running values in training, and does not change them.
/// </para>
/// </remarks>
public sealed class BatchNormAttribute : WeightedLayerAttribute
{
    /// <summary>ε, which prevents division by zero; positive.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>The weight of a batch in the running values, from 0 to 1: <c>running = (1 − momentum) · running + momentum · batch</c>.</summary>
    public double Momentum { get; set; } = 0.1;

    /// <summary>Whether the result is multiplied by a trainable scale.</summary>
    public bool UseScale { get; set; } = true;

    /// <summary>Whether a trainable bias is added.</summary>
    public bool UseBias { get; set; } = true;
}

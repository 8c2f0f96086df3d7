namespace ModelDsl;

/// <summary>
/// Normalises each channel over the batch and all positions: <c>y = (x − mean) / √(variance + ε) · scale + bias</c>. Shapes:
/// <c>[N, …, channels]</c> → the same; parameters <c>weight [channels]</c>, ones, and <c>bias [channels]</c>, zeros; state
/// <c>running_mean [channels]</c>, zeros, and <c>running_var [channels]</c>, ones (Ioffe and Szegedy, 2015).
/// </summary>
/// <remarks>
/// <para>
/// In training, mean and variance are those of the batch, so a sample's result depends on its neighbours. Each training step moves the running
/// values towards them by <see cref="Momentum"/>; the running variance is the unbiased one. Everywhere else the running values replace them, and
/// samples are apart again. This is PyTorch's <c>BatchNorm1d</c> and <c>BatchNorm2d</c>.
/// </para>
/// <para>
/// A batch of one sample with a single value per channel has no variance: training needs two samples then, and says so.
/// </para>
/// <para>
/// A frozen layer uses the running values in training too, and leaves them as they are.
/// </para>
/// </remarks>
public sealed class BatchNormAttribute : WeightedLayerAttribute
{
    /// <summary>ε, which keeps the root away from 0; positive.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>The share of a batch in the running values, from 0 to 1: <c>running = (1 − momentum) · running + momentum · batch</c>.</summary>
    public double Momentum { get; set; } = 0.1;

    /// <summary>Whether the result is multiplied by a learned scale.</summary>
    public bool UseScale { get; set; } = true;

    /// <summary>Whether a learned bias is added.</summary>
    public bool UseBias { get; set; } = true;
}

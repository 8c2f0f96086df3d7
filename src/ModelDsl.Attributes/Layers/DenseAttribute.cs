namespace ModelDsl;

/// <summary>
/// A fully connected layer over the last axis: <c>y = x·Wᵀ + b</c>. Shapes: <c>[N, …, in]</c> → <c>[N, …, units]</c>; parameters
/// <c>weight [units, in]</c> and <c>bias [units]</c>. Keras <c>Dense</c>, PyTorch <c>Linear</c>.
/// </summary>
/// <param name="units">The size of the output's last axis; positive.</param>
public sealed class DenseAttribute(int units) : WeightedLayerAttribute
{
    /// <summary>The size of the output's last axis.</summary>
    public int Units { get; } = units;

    /// <summary>Whether a bias is added.</summary>
    public bool UseBias { get; set; } = true;

    /// <summary>How the weight is filled; <see cref="Init.GlorotUniform"/> by default.</summary>
    public Init KernelInitializer { get; set; }

    /// <summary>How the bias is filled; <see cref="Init.Zeros"/> by default. It has no fans, so Glorot and He do not apply.</summary>
    public Init BiasInitializer { get; set; }

    /// <summary>
    /// The scale of <see cref="KernelInitializer"/>: what it means is said at each <see cref="Init"/>. Positive; NaN when left out.
    /// </summary>
    public double InitScale { get; set; } = double.NaN;
}

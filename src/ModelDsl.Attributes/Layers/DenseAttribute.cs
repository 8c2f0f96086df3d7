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

    /// <summary>The initializer of the weight; <see cref="Init.GlorotUniform"/> by default.</summary>
    public Init KernelInitializer { get; set; }

    /// <summary>The initializer of the bias; <see cref="Init.Zeros"/> by default. Glorot and He initializers do not apply, because a bias has no fan-in and fan-out.</summary>
    public Init BiasInitializer { get; set; }

    /// <summary>
    /// The scale of <see cref="KernelInitializer"/>, whose meaning depends on the <see cref="Init"/>. Positive; NaN, the default, for the default scale.
    /// </summary>
    public double InitScale { get; set; } = double.NaN;
}

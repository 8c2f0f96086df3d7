namespace ModelDsl;

/// <summary>
/// A one-dimensional convolution, channels last: each output value is a weighted sum over a window of the input. Shapes: <c>[N, T, channels]</c> →
/// <c>[N, positions, filters]</c> with <c>⌊(size + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1</c> positions; parameters <c>weight [filters, channels / groups, kernel]</c> and
/// <c>bias [filters]</c>. Keras <c>Conv1D</c>, PyTorch <c>Conv1d</c>, whose weights have the same layout.
/// </summary>
/// <param name="filters">The number of filters, which is the number of output channels; positive.</param>
/// <param name="kernel">The size of the window; positive.</param>
public sealed class Conv1DAttribute(int filters, int kernel) : WeightedLayerAttribute
{
    /// <summary>The number of filters.</summary>
    public int Filters { get; } = filters;

    /// <summary>The size of the window.</summary>
    public int Kernel { get; } = kernel;

    /// <summary>The stride of the window; positive.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>The padding beyond the edges.</summary>
    public Padding Padding { get; set; }

    /// <summary>The number of zeros on each side, instead of <see cref="Padding"/>, as <c>padding</c> in PyTorch. The default, −1, means not set.</summary>
    public int PaddingSize { get; set; } = -1;

    /// <summary>The distance between adjacent elements of the window; positive.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>
    /// The number of groups into which the channels are divided, each with its own filters; a divisor of the number of channels and of filters. If it is the number of
    /// channels, the layer is a depthwise convolution.
    /// </summary>
    public int Groups { get; set; } = 1;

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

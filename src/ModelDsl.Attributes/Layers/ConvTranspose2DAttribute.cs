namespace ModelDsl;

/// <summary>
/// A transposed convolution, channels last: every value of the input adds a weighted window to the output, which is larger than the input. Shapes:
/// <c>[N, height, width, channels]</c> → <c>[N, rows, columns, filters]</c> with <c>(size − 1)·stride − 2·padding + dilation·(kernel − 1) + 1 +
/// outputPadding</c> positions; with <see cref="Padding.Same"/> <c>size·stride</c>. Parameters <c>weight [channels, filters, kernel, kernelWidth]</c> and
/// <c>bias [filters]</c>. Keras <c>Conv2DTranspose</c>, PyTorch <c>ConvTranspose2d</c>, whose weights have the same layout.
/// </summary>
/// <param name="filters">The number of channels of the output; positive.</param>
/// <param name="kernel">The size of the window along both axes; positive.</param>
public sealed class ConvTranspose2DAttribute(int filters, int kernel) : WeightedLayerAttribute
{
    /// <summary>The number of channels of the output.</summary>
    public int Filters { get; } = filters;

    /// <summary>The size of the window.</summary>
    public int Kernel { get; } = kernel;

    /// <summary>The distance between the windows of adjacent input values; positive.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>The padding, which is cropped at the edges of the output.</summary>
    public Padding Padding { get; set; }

    /// <summary>The number of positions that are cropped on each side, instead of <see cref="Padding"/>, as <c>padding</c> in PyTorch. The default, −1, means not set.</summary>
    public int PaddingSize { get; set; } = -1;

    /// <summary>The number of positions that are added at the end; less than the stride or the dilation.</summary>
    public int OutputPadding { get; set; }

    /// <summary>The distance between adjacent elements of the window; positive.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>The size of the window along the second axis; 0, the default, for a square window.</summary>
    public int KernelWidth { get; set; }

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

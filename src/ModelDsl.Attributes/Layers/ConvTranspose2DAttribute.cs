namespace ModelDsl;

/// <summary>
/// A transposed convolution, channels last: every value of the input adds a weighted window to the output, which so becomes larger. Shapes:
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

    /// <summary>How far apart the windows of neighbouring values lie; positive.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>How much of the windows is cut off at the edges.</summary>
    public Padding Padding { get; set; }

    /// <summary>What is cut off on each side, instead of <see cref="Padding"/>; −1 when left out. PyTorch's <c>padding</c>.</summary>
    public int PaddingSize { get; set; } = -1;

    /// <summary>Positions added behind the last; less than the stride or the dilation.</summary>
    public int OutputPadding { get; set; }

    /// <summary>The distance between neighbouring elements of the window; positive.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>The size of the window along the second axis, where it is not square; 0 for that of the first.</summary>
    public int KernelWidth { get; set; }

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

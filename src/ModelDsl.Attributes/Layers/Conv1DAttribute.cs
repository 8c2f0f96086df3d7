namespace ModelDsl;

/// <summary>
/// A one-dimensional convolution, channels last: each filter is a window that slides over the input and sums products. Shapes: <c>[N, T, channels]</c> →
/// <c>[N, positions, filters]</c> with <c>⌊(size + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1</c> positions; parameters <c>weight [filters, channels / groups, kernel]</c> and
/// <c>bias [filters]</c>. Keras <c>Conv1D</c>, PyTorch <c>Conv1d</c>, whose weights have the same layout.
/// </summary>
/// <param name="filters">The number of filters: channels of the output; positive.</param>
/// <param name="kernel">The size of the window; positive.</param>
public sealed class Conv1DAttribute(int filters, int kernel) : WeightedLayerAttribute
{
    /// <summary>The number of filters.</summary>
    public int Filters { get; } = filters;

    /// <summary>The size of the window.</summary>
    public int Kernel { get; } = kernel;

    /// <summary>How far the window moves from one position to the next; positive.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>What the window finds beyond the edges.</summary>
    public Padding Padding { get; set; }

    /// <summary>Zeros on each side, instead of <see cref="Padding"/>; −1 when left out. PyTorch's <c>padding</c>.</summary>
    public int PaddingSize { get; set; } = -1;

    /// <summary>The distance between neighbouring elements of the window; positive.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>
    /// Into how many groups the channels are split, each with filters of its own; a divisor of both the channels and the filters. As many as
    /// channels: a depthwise convolution.
    /// </summary>
    public int Groups { get; set; } = 1;

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

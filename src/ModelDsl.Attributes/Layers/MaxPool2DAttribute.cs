namespace ModelDsl;

/// <summary>
/// The largest value of each window, for each channel. If several values are equal, the first in row-major order counts: only it has a gradient, as in
/// PyTorch. If the window contains NaN, the result is NaN and has no gradient. Shapes: <c>[N, height, width, channels]</c> → <c>[N, rows, columns, channels]</c> with <c>⌊(size + 2·padding − window) / stride⌋ + 1</c> positions.
/// Keras <c>MaxPooling2D</c>, PyTorch <c>MaxPool2d</c>.
/// </summary>
/// <param name="window">The size of the window along both axes; positive.</param>
public sealed class MaxPool2DAttribute(int window) : LayerAttribute
{
    /// <summary>The size of the window.</summary>
    public int Window { get; } = window;

    /// <summary>The stride of the window; 0, the default, for the size of the window.</summary>
    public int Stride { get; set; }

    /// <summary>Whether windows may extend beyond the edges, where they have no values.</summary>
    public Padding Padding { get; set; }

    /// <summary>The number of positions by which windows extend beyond each edge, instead of <see cref="Padding"/>; not more than half of the window. The default, −1, means not set.</summary>
    public int PaddingSize { get; set; } = -1;
}

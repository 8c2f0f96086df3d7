namespace ModelDsl;

/// <summary>
/// The mean of each window, channel by channel. Beyond the edges there is nothing: a window counts what lies inside, as in Keras and with PyTorch's
/// <c>count_include_pad=False</c>. Shapes: <c>[N, height, width, channels]</c> → <c>[N, rows, columns, channels]</c> with <c>⌊(size + 2·padding − window) / stride⌋ + 1</c> positions.
/// Keras <c>AveragePooling2D</c>, PyTorch <c>AvgPool2d</c>.
/// </summary>
/// <param name="window">The size of the window along both axes; positive.</param>
public sealed class AveragePool2DAttribute(int window) : LayerAttribute
{
    /// <summary>The size of the window.</summary>
    public int Window { get; } = window;

    /// <summary>How far the window moves from one position to the next; 0, the default, for its size.</summary>
    public int Stride { get; set; }

    /// <summary>Whether windows may reach beyond the edges, where they find nothing.</summary>
    public Padding Padding { get; set; }

    /// <summary>By how much windows reach beyond each edge, instead of <see cref="Padding"/>, at most half of the window; −1 when left out.</summary>
    public int PaddingSize { get; set; } = -1;
}

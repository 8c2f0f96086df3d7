namespace ModelDsl;

/// <summary>
/// The largest value of each window, channel by channel. Of equal values the first counts, in row-major order: the gradient goes to it alone, as in
/// PyTorch. A NaN in the window is the result, and such a result has no gradient. Shapes: <c>[N, T, channels]</c> → <c>[N, positions, channels]</c> with <c>⌊(size + 2·padding − window) / stride⌋ + 1</c> positions.
/// Keras <c>MaxPooling1D</c>, PyTorch <c>MaxPool1d</c>.
/// </summary>
/// <param name="window">The size of the window; positive.</param>
public sealed class MaxPool1DAttribute(int window) : LayerAttribute
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

namespace ModelDsl;

/// <content>Layers that slide windows over space or time.</content>
public sealed partial class Tensor
{
    /// <inheritdoc cref="Conv2DAttribute"/>
    /// <param name="filters">The number of filters: channels of the output; positive.</param>
    /// <param name="kernel">The size of the window; positive.</param>
    /// <param name="stride">How far the window moves from one position to the next; positive.</param>
    /// <param name="padding">What the window finds beyond the edges.</param>
    /// <param name="paddingSize">Zeros on each side, instead of <paramref name="padding"/>.</param>
    /// <param name="dilation">The distance between neighbouring elements of the window; positive.</param>
    /// <param name="groups">Into how many groups the channels are split.</param>
    /// <param name="kernelWidth">The size of the window along the second axis, where it is not square.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">How the weight is filled; <see cref="Init.GlorotUniform"/> by default.</param>
    /// <param name="biasInitializer">How the bias is filled; <see cref="Init.Zeros"/> by default.</param>
    /// <param name="initScale">The scale of <paramref name="kernelInitializer"/>.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Conv2D(
        int filters,
        int kernel,
        int stride = 1,
        Padding padding = Padding.Valid,
        int paddingSize = -1,
        int dilation = 1,
        int groups = 1,
        int kernelWidth = 0,
        bool useBias = true,
        Init kernelInitializer = Init.Default,
        Init biasInitializer = Init.Default,
        double initScale = double.NaN,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="Conv1DAttribute"/>
    /// <param name="filters">The number of filters: channels of the output; positive.</param>
    /// <param name="kernel">The size of the window; positive.</param>
    /// <param name="stride">How far the window moves from one position to the next; positive.</param>
    /// <param name="padding">What the window finds beyond the edges.</param>
    /// <param name="paddingSize">Zeros on each side, instead of <paramref name="padding"/>.</param>
    /// <param name="dilation">The distance between neighbouring elements of the window; positive.</param>
    /// <param name="groups">Into how many groups the channels are split.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">How the weight is filled; <see cref="Init.GlorotUniform"/> by default.</param>
    /// <param name="biasInitializer">How the bias is filled; <see cref="Init.Zeros"/> by default.</param>
    /// <param name="initScale">The scale of <paramref name="kernelInitializer"/>.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Conv1D(
        int filters,
        int kernel,
        int stride = 1,
        Padding padding = Padding.Valid,
        int paddingSize = -1,
        int dilation = 1,
        int groups = 1,
        bool useBias = true,
        Init kernelInitializer = Init.Default,
        Init biasInitializer = Init.Default,
        double initScale = double.NaN,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="ConvTranspose2DAttribute"/>
    /// <param name="filters">The number of filters: channels of the output; positive.</param>
    /// <param name="kernel">The size of the window; positive.</param>
    /// <param name="stride">How far apart the windows of neighbouring values lie; positive.</param>
    /// <param name="padding">How much of the windows is cut off at the edges.</param>
    /// <param name="paddingSize">What is cut off on each side, instead of <paramref name="padding"/>.</param>
    /// <param name="outputPadding">Positions added behind the last.</param>
    /// <param name="dilation">The distance between neighbouring elements of the window; positive.</param>
    /// <param name="kernelWidth">The size of the window along the second axis, where it is not square.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">How the weight is filled; <see cref="Init.GlorotUniform"/> by default.</param>
    /// <param name="biasInitializer">How the bias is filled; <see cref="Init.Zeros"/> by default.</param>
    /// <param name="initScale">The scale of <paramref name="kernelInitializer"/>.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor ConvTranspose2D(
        int filters,
        int kernel,
        int stride = 1,
        Padding padding = Padding.Valid,
        int paddingSize = -1,
        int outputPadding = 0,
        int dilation = 1,
        int kernelWidth = 0,
        bool useBias = true,
        Init kernelInitializer = Init.Default,
        Init biasInitializer = Init.Default,
        double initScale = double.NaN,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="MaxPool2DAttribute"/>
    /// <param name="window">The size of the window; positive.</param>
    /// <param name="stride">How far the window moves from one position to the next; 0 for its size.</param>
    /// <param name="padding">Whether windows may reach beyond the edges, where they find nothing.</param>
    /// <param name="paddingSize">By how much windows reach beyond each edge, instead of <paramref name="padding"/>.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor MaxPool2D(
        int window,
        int stride = 0,
        Padding padding = Padding.Valid,
        int paddingSize = -1,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="AveragePool2DAttribute"/>
    /// <param name="window">The size of the window; positive.</param>
    /// <param name="stride">How far the window moves from one position to the next; 0 for its size.</param>
    /// <param name="padding">Whether windows may reach beyond the edges, where they find nothing.</param>
    /// <param name="paddingSize">By how much windows reach beyond each edge, instead of <paramref name="padding"/>.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor AveragePool2D(
        int window,
        int stride = 0,
        Padding padding = Padding.Valid,
        int paddingSize = -1,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="MaxPool1DAttribute"/>
    /// <param name="window">The size of the window; positive.</param>
    /// <param name="stride">How far the window moves from one position to the next; 0 for its size.</param>
    /// <param name="padding">Whether windows may reach beyond the edges, where they find nothing.</param>
    /// <param name="paddingSize">By how much windows reach beyond each edge, instead of <paramref name="padding"/>.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor MaxPool1D(
        int window,
        int stride = 0,
        Padding padding = Padding.Valid,
        int paddingSize = -1,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="AveragePool1DAttribute"/>
    /// <param name="window">The size of the window; positive.</param>
    /// <param name="stride">How far the window moves from one position to the next; 0 for its size.</param>
    /// <param name="padding">Whether windows may reach beyond the edges, where they find nothing.</param>
    /// <param name="paddingSize">By how much windows reach beyond each edge, instead of <paramref name="padding"/>.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor AveragePool1D(
        int window,
        int stride = 0,
        Padding padding = Padding.Valid,
        int paddingSize = -1,
        string name = "") => None<Tensor>();
}

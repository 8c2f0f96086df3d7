namespace ModelDsl;

/// <content>Layers with sliding windows over space or time.</content>
public sealed partial class Tensor
{
    /// <inheritdoc cref="Conv2DAttribute"/>
    /// <param name="filters">The number of filters, which is the number of output channels; positive.</param>
    /// <param name="kernel">The size of the window; positive.</param>
    /// <param name="stride">The stride of the window; positive.</param>
    /// <param name="padding">The padding beyond the edges.</param>
    /// <param name="paddingSize">The number of zeros on each side, instead of <paramref name="padding"/>; −1 if not set.</param>
    /// <param name="dilation">The distance between adjacent elements of the window; positive.</param>
    /// <param name="groups">The number of groups into which the channels are divided.</param>
    /// <param name="kernelWidth">The size of the window along the second axis; 0 for a square window.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">The initializer of the weight; <see cref="Init.GlorotUniform"/> by default.</param>
    /// <param name="biasInitializer">The initializer of the bias; <see cref="Init.Zeros"/> by default.</param>
    /// <param name="initScale">The scale of <paramref name="kernelInitializer"/>.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
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
    /// <param name="filters">The number of filters, which is the number of output channels; positive.</param>
    /// <param name="kernel">The size of the window; positive.</param>
    /// <param name="stride">The stride of the window; positive.</param>
    /// <param name="padding">The padding beyond the edges.</param>
    /// <param name="paddingSize">The number of zeros on each side, instead of <paramref name="padding"/>; −1 if not set.</param>
    /// <param name="dilation">The distance between adjacent elements of the window; positive.</param>
    /// <param name="groups">The number of groups into which the channels are divided.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">The initializer of the weight; <see cref="Init.GlorotUniform"/> by default.</param>
    /// <param name="biasInitializer">The initializer of the bias; <see cref="Init.Zeros"/> by default.</param>
    /// <param name="initScale">The scale of <paramref name="kernelInitializer"/>.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
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
    /// <param name="filters">The number of filters, which is the number of output channels; positive.</param>
    /// <param name="kernel">The size of the window; positive.</param>
    /// <param name="stride">The distance between the windows of adjacent input values; positive.</param>
    /// <param name="padding">The padding, which is cropped at the edges of the output.</param>
    /// <param name="paddingSize">The number of positions that are cropped on each side, instead of <paramref name="padding"/>; −1 if not set.</param>
    /// <param name="outputPadding">The number of positions that are added at the end.</param>
    /// <param name="dilation">The distance between adjacent elements of the window; positive.</param>
    /// <param name="kernelWidth">The size of the window along the second axis; 0 for a square window.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">The initializer of the weight; <see cref="Init.GlorotUniform"/> by default.</param>
    /// <param name="biasInitializer">The initializer of the bias; <see cref="Init.Zeros"/> by default.</param>
    /// <param name="initScale">The scale of <paramref name="kernelInitializer"/>.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
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
    /// <param name="stride">The stride of the window; 0 for the size of the window.</param>
    /// <param name="padding">Whether windows may extend beyond the edges, where they have no values.</param>
    /// <param name="paddingSize">The number of positions by which windows extend beyond each edge, instead of <paramref name="padding"/>; −1 if not set.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor MaxPool2D(
        int window,
        int stride = 0,
        Padding padding = Padding.Valid,
        int paddingSize = -1,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="AveragePool2DAttribute"/>
    /// <param name="window">The size of the window; positive.</param>
    /// <param name="stride">The stride of the window; 0 for the size of the window.</param>
    /// <param name="padding">Whether windows may extend beyond the edges, where they have no values.</param>
    /// <param name="paddingSize">The number of positions by which windows extend beyond each edge, instead of <paramref name="padding"/>; −1 if not set.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor AveragePool2D(
        int window,
        int stride = 0,
        Padding padding = Padding.Valid,
        int paddingSize = -1,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="MaxPool1DAttribute"/>
    /// <param name="window">The size of the window; positive.</param>
    /// <param name="stride">The stride of the window; 0 for the size of the window.</param>
    /// <param name="padding">Whether windows may extend beyond the edges, where they have no values.</param>
    /// <param name="paddingSize">The number of positions by which windows extend beyond each edge, instead of <paramref name="padding"/>; −1 if not set.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor MaxPool1D(
        int window,
        int stride = 0,
        Padding padding = Padding.Valid,
        int paddingSize = -1,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="AveragePool1DAttribute"/>
    /// <param name="window">The size of the window; positive.</param>
    /// <param name="stride">The stride of the window; 0 for the size of the window.</param>
    /// <param name="padding">Whether windows may extend beyond the edges, where they have no values.</param>
    /// <param name="paddingSize">The number of positions by which windows extend beyond each edge, instead of <paramref name="padding"/>; −1 if not set.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor AveragePool1D(
        int window,
        int stride = 0,
        Padding padding = Padding.Valid,
        int paddingSize = -1,
        string name = "") => None<Tensor>();
}

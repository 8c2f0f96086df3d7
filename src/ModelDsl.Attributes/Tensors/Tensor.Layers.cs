namespace ModelDsl;

/// <content>The layers, each with the name, arguments and defaults of its attribute.</content>
public sealed partial class Tensor
{
    /// <inheritdoc cref="OutputAttribute"/>
    /// <param name="name">The name of the output; if empty, the name of the layer that computes the tensor.</param>
    public Tensor Output(string name = "") => None<Tensor>();

    /// <inheritdoc cref="DenseAttribute"/>
    /// <param name="units">The size of the output's last axis; positive.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">The initializer of the weight; <see cref="Init.GlorotUniform"/> by default.</param>
    /// <param name="biasInitializer">The initializer of the bias; <see cref="Init.Zeros"/> by default.</param>
    /// <param name="initScale">The scale of <paramref name="kernelInitializer"/>.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Dense(
        int units,
        bool useBias = true,
        Init kernelInitializer = Init.Default,
        Init biasInitializer = Init.Default,
        double initScale = double.NaN,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="EmbeddingAttribute"/>
    /// <param name="width">The number of values per token; positive.</param>
    /// <param name="initializer">The initializer of the table; <see cref="Init.Uniform"/> in ±0.05 by default.</param>
    /// <param name="initScale">The scale of <paramref name="initializer"/>.</param>
    /// <param name="sparseUpdates">Whether a training step updates only the rows of the tokens in its batch.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Embedding(
        int width,
        Init initializer = Init.Default,
        double initScale = double.NaN,
        bool sparseUpdates = false,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="PositionalEmbeddingAttribute"/>
    /// <param name="initializer">The initializer of the table; <see cref="Init.Uniform"/> in ±0.05 by default.</param>
    /// <param name="initScale">The scale of <paramref name="initializer"/>.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor PositionalEmbedding(
        Init initializer = Init.Default,
        double initScale = double.NaN,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="LayerNormAttribute"/>
    /// <param name="epsilon">ε, which prevents division by zero; positive.</param>
    /// <param name="useScale">Whether the result is multiplied by a trainable scale.</param>
    /// <param name="useBias">Whether a trainable bias is added.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor LayerNorm(
        double epsilon = 1e-5,
        bool useScale = true,
        bool useBias = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="BatchNormAttribute"/>
    /// <param name="epsilon">ε, which prevents division by zero; positive.</param>
    /// <param name="momentum">The weight of a batch in the running values, from 0 to 1.</param>
    /// <param name="useScale">Whether the result is multiplied by a trainable scale.</param>
    /// <param name="useBias">Whether a trainable bias is added.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters and running values are frozen.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor BatchNorm(
        double epsilon = 1e-5,
        double momentum = 0.1,
        bool useScale = true,
        bool useBias = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="RmsNormAttribute"/>
    /// <param name="epsilon">ε, which prevents division by zero; positive.</param>
    /// <param name="useScale">Whether the result is multiplied by a trainable scale.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor RmsNorm(
        double epsilon = 1e-6,
        bool useScale = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="DropoutAttribute"/>
    /// <param name="rate">The fraction of values that are dropped, at least 0 and less than 1.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Dropout(double rate, string name = "") => None<Tensor>();

    /// <inheritdoc cref="FlattenAttribute"/>
    /// <param name="name">The layer's name.</param>
    public Tensor Flatten(string name = "") => None<Tensor>();

    /// <inheritdoc cref="ReshapeAttribute"/>
    /// <param name="shape">The new shape of one sample, at least one positive size, without the batch axis.</param>
    public Tensor Reshape(params int[] shape) => None<Tensor>();
}

namespace ModelDsl;

/// <content>The layers, each with the name, arguments and defaults of its attribute.</content>
public sealed partial class Tensor
{
    /// <inheritdoc cref="OutputAttribute"/>
    /// <param name="name">What the output is called; left out, it is the name of the layer that made the tensor.</param>
    public Tensor Output(string name = "") => None<Tensor>();

    /// <inheritdoc cref="DenseAttribute"/>
    /// <param name="units">The size of the output's last axis; positive.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">How the weight is filled; <see cref="Init.GlorotUniform"/> by default.</param>
    /// <param name="biasInitializer">How the bias is filled; <see cref="Init.Zeros"/> by default.</param>
    /// <param name="initScale">The scale of <paramref name="kernelInitializer"/>.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
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
    /// <param name="initializer">How the table is filled; <see cref="Init.Uniform"/> in ±0.05 by default.</param>
    /// <param name="initScale">The scale of <paramref name="initializer"/>.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Embedding(
        int width,
        Init initializer = Init.Default,
        double initScale = double.NaN,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="PositionalEmbeddingAttribute"/>
    /// <param name="initializer">How the table is filled; <see cref="Init.Uniform"/> in ±0.05 by default.</param>
    /// <param name="initScale">The scale of <paramref name="initializer"/>.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor PositionalEmbedding(
        Init initializer = Init.Default,
        double initScale = double.NaN,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="LayerNormAttribute"/>
    /// <param name="epsilon">ε, which keeps the root away from 0; positive.</param>
    /// <param name="useScale">Whether the result is multiplied by a learned scale.</param>
    /// <param name="useBias">Whether a learned bias is added.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor LayerNorm(
        double epsilon = 1e-5,
        bool useScale = true,
        bool useBias = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="BatchNormAttribute"/>
    /// <param name="epsilon">ε, which keeps the root away from 0; positive.</param>
    /// <param name="momentum">The share of a batch in the running values, from 0 to 1.</param>
    /// <param name="useScale">Whether the result is multiplied by a learned scale.</param>
    /// <param name="useBias">Whether a learned bias is added.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters and running values stay as they are.</param>
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
    /// <param name="epsilon">ε, which keeps the root away from 0; positive.</param>
    /// <param name="useScale">Whether the result is multiplied by a learned scale.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor RmsNorm(
        double epsilon = 1e-6,
        bool useScale = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="DropoutAttribute"/>
    /// <param name="rate">The share of values dropped, from 0 up to but not including 1.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Dropout(double rate, string name = "") => None<Tensor>();

    /// <inheritdoc cref="FlattenAttribute"/>
    /// <param name="name">The layer's name.</param>
    public Tensor Flatten(string name = "") => None<Tensor>();

    /// <inheritdoc cref="ReshapeAttribute"/>
    /// <param name="shape">The new shape of one sample, at least one positive size, without the batch axis.</param>
    public Tensor Reshape(params int[] shape) => None<Tensor>();
}

namespace ModelDsl;

/// <content>Layers for feature maps and their channels.</content>
public sealed partial class Tensor
{
    /// <inheritdoc cref="GroupNormAttribute"/>
    /// <param name="groups">The number of groups, a divisor of the number of channels.</param>
    /// <param name="epsilon">ε, which prevents division by zero; positive.</param>
    /// <param name="useScale">Whether the result is multiplied by a trainable scale.</param>
    /// <param name="useBias">Whether a trainable bias is added.</param>
    /// <param name="weightDecay">The weight decay of this layer's weights; NaN for the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters are frozen.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor GroupNorm(
        int groups,
        double epsilon = 1e-5,
        bool useScale = true,
        bool useBias = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <inheritdoc cref="GlobalAveragePoolAttribute"/>
    /// <param name="name">The layer's name.</param>
    public Tensor GlobalAveragePool(string name = "") => None<Tensor>();

    /// <inheritdoc cref="Dropout2DAttribute"/>
    /// <param name="rate">The fraction of channels that are dropped, at least 0 and less than 1.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Dropout2D(double rate, string name = "") => None<Tensor>();

    /// <inheritdoc cref="UpSample2DAttribute"/>
    /// <param name="factor">The factor by which the number of rows and columns is multiplied; positive.</param>
    /// <param name="interpolation">The interpolation between the values of the input.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor UpSample2D(int factor, Interpolation interpolation = Interpolation.Nearest, string name = "") => None<Tensor>();

    /// <inheritdoc cref="PadAttribute"/>
    /// <param name="padding">The numbers of zeros, not negative: one number for all sides, or one per axis, or two per axis, at its start and end.</param>
    public Tensor Pad(params int[] padding) => None<Tensor>();
}

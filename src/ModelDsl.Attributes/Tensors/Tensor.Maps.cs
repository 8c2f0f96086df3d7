namespace ModelDsl;

/// <content>Layers of maps and their channels.</content>
public sealed partial class Tensor
{
    /// <inheritdoc cref="GroupNormAttribute"/>
    /// <param name="groups">The number of groups, a divisor of the number of channels.</param>
    /// <param name="epsilon">ε, which keeps the root away from 0; positive.</param>
    /// <param name="useScale">Whether the result is multiplied by a learned scale.</param>
    /// <param name="useBias">Whether a learned bias is added.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
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
    /// <param name="rate">The share of channels dropped, from 0 up to but not including 1.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Dropout2D(double rate, string name = "") => None<Tensor>();

    /// <inheritdoc cref="UpSample2DAttribute"/>
    /// <param name="factor">How many rows and columns each becomes; positive.</param>
    /// <param name="interpolation">What stands between the known values.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor UpSample2D(int factor, Interpolation interpolation = Interpolation.Nearest, string name = "") => None<Tensor>();

    /// <inheritdoc cref="PadAttribute"/>
    /// <param name="padding">How many zeros, none negative: one number for all sides, or one per axis, or two per axis, before and behind.</param>
    public Tensor Pad(params int[] padding) => None<Tensor>();
}

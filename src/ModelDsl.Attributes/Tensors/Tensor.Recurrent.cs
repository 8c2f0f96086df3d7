namespace ModelDsl;

/// <content>Recurrent layers.</content>
public sealed partial class Tensor
{
    /// <inheritdoc cref="LstmAttribute"/>
    /// <param name="units">The width of the state; positive.</param>
    /// <param name="layers">The number of layers, each of which reads the outputs of the one before; positive.</param>
    /// <param name="bidirectional">Whether a second recurrence goes from the last position to the first.</param>
    /// <param name="dropout">The share of values dropped in training between the layers, from 0 up to but not including 1.</param>
    /// <param name="returnSequences">Whether the result has the outputs at all positions.</param>
    /// <param name="useBias">Whether biases are added.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Lstm(
        int units,
        int layers = 1,
        bool bidirectional = false,
        double dropout = 0,
        bool returnSequences = false,
        bool useBias = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <summary>
    /// The same from a given state, with the state after the last position: of one layer in one direction <c>[N, units]</c>, of more <c>[N, layers · directions, units]</c>, the directions
    /// of a layer side by side. See <see cref="LstmAttribute"/>.
    /// </summary>
    /// <param name="initial">The hidden and the cell state before the first position: of each sample, or weights for all.</param>
    /// <param name="units">The width of the state; positive.</param>
    /// <param name="layers">The number of layers, each of which reads the outputs of the one before; positive.</param>
    /// <param name="bidirectional">Whether a second recurrence goes from the last position to the first.</param>
    /// <param name="dropout">The share of values dropped in training between the layers, from 0 up to but not including 1.</param>
    /// <param name="returnSequences">Whether the result has the outputs at all positions.</param>
    /// <param name="useBias">Whether biases are added.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public (Tensor Output, (Tensor Hidden, Tensor Cell) Final) Lstm(
        (Tensor Hidden, Tensor Cell) initial,
        int units,
        int layers = 1,
        bool bidirectional = false,
        double dropout = 0,
        bool returnSequences = false,
        bool useBias = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<(Tensor Output, (Tensor Hidden, Tensor Cell) Final)>();

    /// <inheritdoc cref="GruAttribute"/>
    /// <param name="units">The width of the state; positive.</param>
    /// <param name="layers">The number of layers, each of which reads the outputs of the one before; positive.</param>
    /// <param name="bidirectional">Whether a second recurrence goes from the last position to the first.</param>
    /// <param name="dropout">The share of values dropped in training between the layers, from 0 up to but not including 1.</param>
    /// <param name="returnSequences">Whether the result has the outputs at all positions.</param>
    /// <param name="useBias">Whether biases are added.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Gru(
        int units,
        int layers = 1,
        bool bidirectional = false,
        double dropout = 0,
        bool returnSequences = false,
        bool useBias = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <summary>
    /// The same from a given state, with the state after the last position: of one layer in one direction <c>[N, units]</c>, of more <c>[N, layers · directions, units]</c>, the directions
    /// of a layer side by side. See <see cref="GruAttribute"/>.
    /// </summary>
    /// <param name="initial">The state before the first position: of each sample, or weights for all.</param>
    /// <param name="units">The width of the state; positive.</param>
    /// <param name="layers">The number of layers, each of which reads the outputs of the one before; positive.</param>
    /// <param name="bidirectional">Whether a second recurrence goes from the last position to the first.</param>
    /// <param name="dropout">The share of values dropped in training between the layers, from 0 up to but not including 1.</param>
    /// <param name="returnSequences">Whether the result has the outputs at all positions.</param>
    /// <param name="useBias">Whether biases are added.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public (Tensor Output, Tensor Final) Gru(
        Tensor initial,
        int units,
        int layers = 1,
        bool bidirectional = false,
        double dropout = 0,
        bool returnSequences = false,
        bool useBias = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<(Tensor Output, Tensor Final)>();

    /// <inheritdoc cref="SimpleRnnAttribute"/>
    /// <param name="units">The width of the state; positive.</param>
    /// <param name="layers">The number of layers, each of which reads the outputs of the one before; positive.</param>
    /// <param name="bidirectional">Whether a second recurrence goes from the last position to the first.</param>
    /// <param name="dropout">The share of values dropped in training between the layers, from 0 up to but not including 1.</param>
    /// <param name="returnSequences">Whether the result has the outputs at all positions.</param>
    /// <param name="useBias">Whether biases are added.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor SimpleRnn(
        int units,
        int layers = 1,
        bool bidirectional = false,
        double dropout = 0,
        bool returnSequences = false,
        bool useBias = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<Tensor>();

    /// <summary>
    /// The same from a given state, with the state after the last position: of one layer in one direction <c>[N, units]</c>, of more <c>[N, layers · directions, units]</c>, the directions
    /// of a layer side by side. See <see cref="SimpleRnnAttribute"/>.
    /// </summary>
    /// <param name="initial">The state before the first position: of each sample, or weights for all.</param>
    /// <param name="units">The width of the state; positive.</param>
    /// <param name="layers">The number of layers, each of which reads the outputs of the one before; positive.</param>
    /// <param name="bidirectional">Whether a second recurrence goes from the last position to the first.</param>
    /// <param name="dropout">The share of values dropped in training between the layers, from 0 up to but not including 1.</param>
    /// <param name="returnSequences">Whether the result has the outputs at all positions.</param>
    /// <param name="useBias">Whether biases are added.</param>
    /// <param name="weightDecay">Weight decay of this layer's weights, instead of the optimizer's.</param>
    /// <param name="frozen">Whether the layer's parameters stay as they are.</param>
    /// <param name="name">The layer's name.</param>
    public (Tensor Output, Tensor Final) SimpleRnn(
        Tensor initial,
        int units,
        int layers = 1,
        bool bidirectional = false,
        double dropout = 0,
        bool returnSequences = false,
        bool useBias = true,
        double weightDecay = double.NaN,
        bool frozen = false,
        string name = "") => None<(Tensor Output, Tensor Final)>();

    /// <inheritdoc cref="LastAttribute"/>
    /// <param name="name">The layer's name.</param>
    public Tensor Last(string name = "") => None<Tensor>();
}

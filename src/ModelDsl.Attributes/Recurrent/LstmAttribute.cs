namespace ModelDsl;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber, 1997): <c>i, f, o = σ(W·x + U·h + b)</c>, <c>g = tanh(W·x + U·h + b)</c>, <c>c = f·c + i·g</c>, <c>h = o·tanh(c)</c>, each with separate rows
/// in the weights, in the order i, f, g, o. Shapes: <c>[N, T, in]</c> → <c>[N, units]</c>, or <c>[N, T, units]</c>; twice as wide in two directions. Parameters as in PyTorch's
/// <c>LSTM</c>: <c>weight_ih_l0 [4·units, in]</c>, <c>weight_hh_l0 [4·units, units]</c>, <c>bias_ih_l0 [4·units]</c>, <c>bias_hh_l0 [4·units]</c>; <c>…_l1</c> in the second layer,
/// <c>…_reverse</c> in the reverse direction. They are initialized uniformly in ±1/√units, as in PyTorch. At padding, the state is kept and the previous output is repeated.
/// Keras and PyTorch <c>LSTM</c>.
/// </summary>
/// <param name="units">The width of the state; positive.</param>
public sealed class LstmAttribute(int units) : RecurrentLayerAttribute(units);

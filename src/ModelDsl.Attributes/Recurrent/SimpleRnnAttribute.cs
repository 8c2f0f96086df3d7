namespace ModelDsl;

/// <summary>
/// The plain recurrence <c>h = tanh(W·x + U·h + b)</c> (Elman, 1990). Shapes: <c>[N, T, in]</c> → <c>[N, units]</c>, or <c>[N, T, units]</c>; twice as wide in two directions. Parameters as in
/// PyTorch's <c>RNN</c>: <c>weight_ih_l0 [units, in]</c>, <c>weight_hh_l0 [units, units]</c>, <c>bias_ih_l0 [units]</c>, <c>bias_hh_l0 [units]</c>; <c>…_l1</c> in the second layer,
/// <c>…_reverse</c> in the reverse direction. They are initialized uniformly in ±1/√units, as in PyTorch. At padding, the state is kept and the previous output is repeated.
/// Keras <c>SimpleRNN</c>, PyTorch <c>RNN</c>.
/// </summary>
/// <param name="units">The width of the state; positive.</param>
public sealed class SimpleRnnAttribute(int units) : RecurrentLayerAttribute(units);

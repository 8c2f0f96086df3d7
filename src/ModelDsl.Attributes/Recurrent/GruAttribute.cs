namespace ModelDsl;

/// <summary>
/// Gated recurrent units (Cho et al., 2014) in the form of cuDNN and PyTorch: <c>r, z = σ(W·x + b + U·h + d)</c>, <c>n = tanh(W·x + b + r·(U·h + d))</c>, <c>h = (1 − z)·n + z·h</c>,
/// each with separate rows in the weights, in the order r, z, n. Shapes: <c>[N, T, in]</c> → <c>[N, units]</c>, or <c>[N, T, units]</c>; twice as wide in two directions. Parameters as in
/// PyTorch's <c>GRU</c>: <c>weight_ih_l0 [3·units, in]</c>, <c>weight_hh_l0 [3·units, units]</c>, <c>bias_ih_l0 [3·units]</c>, <c>bias_hh_l0 [3·units]</c>; <c>…_l1</c> in the second layer,
/// <c>…_reverse</c> in the reverse direction. They are initialized uniformly in ±1/√units, as in PyTorch. At padding, the state is kept and the previous output is repeated.
/// Keras <c>GRU</c> with <c>reset_after</c>, its default; PyTorch <c>GRU</c>.
/// </summary>
/// <param name="units">The width of the state; positive.</param>
public sealed class GruAttribute(int units) : RecurrentLayerAttribute(units);

namespace ModelDsl;

/// <content>Recurrences.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A recurrence over positions: <c>(state, output) = step(state, x[t])</c> for t = 0, 1, …, with the outputs of all steps one after the other:
    /// <c>[N, T, …]</c> → <c>[N, T, …]</c>. Every step has the same weights. The step is compiled once, as the body of a loop: it cannot change the state of a layer, and what it needs of the step before
    /// is in its state. Positions of padding leave the state as it is, and repeat the output before, which is 0 where there is none.
    /// </summary>
    /// <param name="start">The state before the first step: a value of each sample, or a weight for all.</param>
    /// <param name="step">One step, a lambda expression: given the state and the values at a position, it gives the next state, in the same shape, and the output.</param>
    /// <example>
    /// <code>
    /// var h = x.Scan(Tensor.Zeros(64), (h, x) =>
    /// {
    ///     var next = Tensor.Concat(h, x).Dense(64).Tanh();
    ///     return (next, next);
    /// });
    /// </code>
    /// </example>
    public Tensor Scan(Tensor start, Func<Tensor, Tensor, (Tensor Next, Tensor Output)> step) => None<Tensor>();

    /// <summary>The same with a state of two tensors, such as that of an LSTM.</summary>
    /// <param name="start">The state before the first step: values of each sample, or weights for all.</param>
    /// <param name="step">One step, a lambda expression: given the state and the values at a position, it gives the next state, in the same shapes, and the output.</param>
    public Tensor Scan((Tensor First, Tensor Second) start, Func<(Tensor First, Tensor Second), Tensor, ((Tensor First, Tensor Second) Next, Tensor Output)> step) =>
        None<Tensor>();

    /// <summary>Zeros for each sample: <c>[N, shape…]</c>.</summary>
    /// <param name="shape">The shape of one sample; all sizes positive.</param>
    public static Tensor Zeros(params int[] shape) => Never<Tensor>();
}

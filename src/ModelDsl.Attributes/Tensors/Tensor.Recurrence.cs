namespace ModelDsl;

/// <content>Recurrences.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A recurrence over positions: <c>(state, output) = step(state, x[t])</c> for t = 0, 1, …. Returns the outputs of all steps in their order:
    /// <c>[N, T, …]</c> → <c>[N, T, …]</c>. All steps have the same weights. The recurrence is unrolled when the model is compiled, so it is suitable for short sequences.
    /// Positions of padding do not change the state, and repeat the previous output.
    /// </summary>
    /// <param name="start">The state before the first step: a value of each sample, or a weight for all samples.</param>
    /// <param name="step">One step, as a lambda expression: from the state and the values at a position, it returns the next state, in the same shape, and the output.</param>
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

    /// <summary>A recurrence whose state is two tensors, such as that of an LSTM.</summary>
    /// <param name="start">The state before the first step: values of each sample, or weights for all samples.</param>
    /// <param name="step">One step, as a lambda expression: from the state and the values at a position, it returns the next state, in the same shapes, and the output.</param>
    public Tensor Scan((Tensor First, Tensor Second) start, Func<(Tensor First, Tensor Second), Tensor, ((Tensor First, Tensor Second) Next, Tensor Output)> step) =>
        None<Tensor>();

    /// <summary>Returns zeros for each sample: <c>[N, shape…]</c>.</summary>
    /// <param name="shape">The shape of one sample; all sizes positive.</param>
    public static Tensor Zeros(params int[] shape) => Never<Tensor>();
}

namespace ModelDsl;

/// <content>
/// The losses, for a method with <see cref="LossAttribute"/>. They return a loss for each element or position, because the result of the method is averaged at the
/// end: <c>y.MeanSquaredError(t)</c> of <c>[N, 3]</c> is <c>[N, 3]</c>. With weights, the mean of the result is <c>Σ w·l / Σ w</c>: one weight for each sample, <c>[N, 1]</c>, or one
/// for each loss. They are finite and not negative. If all weights of a batch are 0, the mean is 0, and so are its gradients.
/// </content>
public sealed partial class Tensor
{
    /// <summary><c>(y − t)²</c> of each element: <c>[N, …]</c> → the same.</summary>
    /// <param name="target">The target values, in the same shape.</param>
    /// <param name="weights">The weights; null for none.</param>
    public Tensor MeanSquaredError(Tensor target, Tensor? weights = null) => None<Tensor>();

    /// <summary><c>|y − t|</c> of each element: <c>[N, …]</c> → the same. Its gradient is 0 where <c>y = t</c>.</summary>
    /// <param name="target">The target values, in the same shape.</param>
    /// <param name="weights">The weights; null for none.</param>
    public Tensor MeanAbsoluteError(Tensor target, Tensor? weights = null) => None<Tensor>();

    /// <summary><c>|d| ≤ δ ? ½·d² : δ·(|d| − ½·δ)</c> with <c>d = y − t</c> of each element: <c>[N, …]</c> → the same.</summary>
    /// <param name="target">The target values, in the same shape.</param>
    /// <param name="delta">δ, the limit between the quadratic and the linear part; positive.</param>
    /// <param name="weights">The weights; null for none.</param>
    public Tensor Huber(Tensor target, double delta = 1, Tensor? weights = null) => None<Tensor>();

    /// <summary>
    /// <c>−t·log σ(y) − (1 − t)·log(1 − σ(y))</c> of each element, computed in a numerically stable way: <c>[N, …]</c> → the same.
    /// </summary>
    /// <param name="target">The target probabilities, between 0 and 1, in the same shape.</param>
    /// <param name="labelSmoothing">ε of label smoothing: targets are replaced by <c>t·(1 − ε) + ½·ε</c>. At least 0 and less than 1.</param>
    /// <param name="positiveWeight">p, by which the first term is multiplied; positive and finite.</param>
    /// <param name="weights">The weights; null for none.</param>
    public Tensor BinaryCrossEntropy(Tensor target, double labelSmoothing = 0, double positiveWeight = 1, Tensor? weights = null) => None<Tensor>();

    /// <summary><c>−t·log σ(y) − (1 − t)·log(1 − σ(y))</c> of each element, with one target for all.</summary>
    /// <param name="target">The target probability of all elements, between 0 and 1; a constant.</param>
    /// <param name="labelSmoothing">ε of label smoothing: the target is replaced by <c>t·(1 − ε) + ½·ε</c>. At least 0 and less than 1.</param>
    /// <param name="weights">The weights; null for none.</param>
    public Tensor BinaryCrossEntropy(double target, double labelSmoothing = 0, Tensor? weights = null) => None<Tensor>();

    /// <summary>
    /// <c>−Σₖ tₖ·log softmax(y)ₖ</c> over the last axis: logits <c>[N, …, classes]</c> → <c>[N, …]</c>, and <c>[N, classes]</c> → <c>[N, 1]</c>. For ignored labels
    /// (<see cref="LabelAttribute.Ignore"/>) it is 0, and all other losses are divided by the fraction of labels that count, so that the mean over everything is
    /// the mean over these.
    /// </summary>
    /// <param name="target">
    /// Class indices <c>[N, …]</c>, as <see cref="LabelAttribute"/> declares them, or a probability for each class in the shape of the logits.
    /// </param>
    /// <param name="labelSmoothing">ε of label smoothing: targets are replaced by <c>tₖ·(1 − ε) + ε / classes</c>. At least 0 and less than 1.</param>
    /// <param name="classWeights">
    /// A weight for each class, a constant such as <c>[1, 5, 2.5]</c>; null for none. With class indices, the mean of the result is <c>Σ w·l / Σ w</c> with the weight of each label. With probabilities each
    /// term is multiplied by the weight of its class.
    /// </param>
    /// <param name="weights">The weights; null for none.</param>
    public Tensor SoftmaxCrossEntropy(Tensor target, double labelSmoothing = 0, double[]? classWeights = null, Tensor? weights = null) => None<Tensor>();

    /// <summary>
    /// Returns the derivative of the sum of a value with respect to another value that it was computed from, in the shape of <paramref name="by"/>.
    /// The derivative can be differentiated again. Samples do not depend on one another, so each has its own derivative.
    /// </summary>
    /// <param name="of">The value.</param>
    /// <param name="by">The value that it was computed from: an input, or an intermediate value.</param>
    public static Tensor Gradient(Tensor of, Tensor by) => Never<Tensor>();
}

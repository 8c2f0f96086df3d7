namespace ModelDsl;

/// <content>
/// The losses, for a method with <see cref="LossAttribute"/>: each element's or position's own, since what the method returns is averaged in the
/// end. So <c>y.MeanSquaredError(t)</c> of <c>[N, 3]</c> is <c>[N, 3]</c>.
/// </content>
public sealed partial class Tensor
{
    /// <summary><c>(y − t)²</c> of each element: <c>[N, …]</c> → the same.</summary>
    /// <param name="target">What the values should be, in their shape.</param>
    public Tensor MeanSquaredError(Tensor target) => None<Tensor>();

    /// <summary><c>|y − t|</c> of each element: <c>[N, …]</c> → the same. Its gradient is 0 where <c>y = t</c>.</summary>
    /// <param name="target">What the values should be, in their shape.</param>
    public Tensor MeanAbsoluteError(Tensor target) => None<Tensor>();

    /// <summary><c>|d| ≤ δ ? ½·d² : δ·(|d| − ½·δ)</c> with <c>d = y − t</c> of each element: <c>[N, …]</c> → the same.</summary>
    /// <param name="target">What the values should be, in their shape.</param>
    /// <param name="delta">δ, where the parabola becomes a line; positive.</param>
    public Tensor Huber(Tensor target, double delta = 1) => None<Tensor>();

    /// <summary>
    /// <c>−t·log σ(y) − (1 − t)·log(1 − σ(y))</c> of each element, computed stably: <c>[N, …]</c> → the same.
    /// </summary>
    /// <param name="target">What each probability should be, between 0 and 1, in the same shape.</param>
    /// <param name="labelSmoothing">ε: targets are moved to <c>t·(1 − ε) + ½·ε</c>. From 0 up to but not including 1.</param>
    public Tensor BinaryCrossEntropy(Tensor target, double labelSmoothing = 0) => None<Tensor>();

    /// <summary><c>−t·log σ(y) − (1 − t)·log(1 − σ(y))</c> of each element, with one target for all.</summary>
    /// <param name="target">What every probability should be, between 0 and 1; known when the network is compiled.</param>
    /// <param name="labelSmoothing">ε: the target is moved to <c>t·(1 − ε) + ½·ε</c>. From 0 up to but not including 1.</param>
    public Tensor BinaryCrossEntropy(double target, double labelSmoothing = 0) => None<Tensor>();

    /// <summary>
    /// <c>−Σₖ tₖ·log softmax(y)ₖ</c> over the last axis: logits <c>[N, …, classes]</c> → <c>[N, …]</c>; of <c>[N, classes]</c> <c>[N, 1]</c>. Where labels are
    /// ignored (<see cref="LabelAttribute.Ignore"/>) it is 0, and all others are divided by the share of labels that count, so that the mean over everything is
    /// the mean over these.
    /// </summary>
    /// <param name="target">
    /// Class indices <c>[N, …]</c>, as <see cref="LabelAttribute"/> declares them, or a probability for each class in the shape of the logits.
    /// </param>
    /// <param name="labelSmoothing">ε: targets are moved to <c>tₖ·(1 − ε) + ε / classes</c>. From 0 up to but not including 1.</param>
    public Tensor SoftmaxCrossEntropy(Tensor target, double labelSmoothing = 0) => None<Tensor>();

    /// <summary>
    /// The derivative of the sum of a value by another that it was computed from, as a value of its own: in the shape of <paramref name="by"/>.
    /// It can be differentiated again. Samples do not depend on one another, so each has its own derivative.
    /// </summary>
    /// <param name="of">The value.</param>
    /// <param name="by">What it was computed from: an input, or a value on the way.</param>
    public static Tensor Gradient(Tensor of, Tensor by) => Never<Tensor>();
}

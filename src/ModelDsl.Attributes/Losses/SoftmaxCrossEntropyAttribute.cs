namespace ModelDsl;

/// <summary>
/// The loss of one class out of several, on logits: <c>−Σₖ tₖ·log softmax(y)ₖ</c> over the last axis, averaged over all other axes and
/// samples. Shapes: output <c>[N, …, classes]</c>; labels are class indices, int <c>[N, …]</c>, each in 0 … classes − 1, or probabilities,
/// float <c>[N, …, classes]</c>, with <see cref="SoftTargets"/>. <c>Predict</c> gives softmax(y). PyTorch <c>CrossEntropyLoss</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SoftmaxCrossEntropyAttribute : Attribute
{
    /// <summary>ε: targets are moved to <c>tₖ·(1 − ε) + ε / classes</c>. From 0 up to but not including 1.</summary>
    public double LabelSmoothing { get; set; }

    /// <summary>Whether a target is a probability for each class instead of the index of one.</summary>
    public bool SoftTargets { get; set; }

    /// <summary>
    /// The label of what does not count, such as −100: the loss is the mean over all others, metrics leave it out, and no gradient comes from it. Where
    /// nothing counts in a batch, the loss is 0. May be one of the classes. Left out, everything counts. PyTorch <c>ignore_index</c>.
    /// </summary>
    public int Ignore { get; set; } = int.MinValue;
}

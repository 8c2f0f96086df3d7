namespace ModelDsl;

/// <summary>
/// The loss of a classification, on logits: <c>−Σₖ tₖ·log softmax(y)ₖ</c> over the last axis, averaged over all other axes and
/// samples. Shapes: output <c>[N, …, classes]</c>; labels are class indices, int <c>[N, …]</c>, each in 0 … classes − 1, or probabilities,
/// float <c>[N, …, classes]</c>, with <see cref="SoftTargets"/>. <c>Predict</c> returns softmax(y). PyTorch <c>CrossEntropyLoss</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SoftmaxCrossEntropyAttribute : Attribute
{
    /// <summary>ε of label smoothing: targets are replaced by <c>tₖ·(1 − ε) + ε / classes</c>. At least 0 and less than 1.</summary>
    public double LabelSmoothing { get; set; }

    /// <summary>Whether a target is a probability for each class instead of a class index.</summary>
    public bool SoftTargets { get; set; }

    /// <summary>
    /// The label that is ignored, such as −100: the loss is the mean over all other labels, metrics ignore it, and it has no gradient. If
    /// a batch has no other labels, the loss is 0. It may be one of the classes. By default all labels count. Equivalent to <c>ignore_index</c> in PyTorch.
    /// </summary>
    public int Ignore { get; set; } = int.MinValue;
}

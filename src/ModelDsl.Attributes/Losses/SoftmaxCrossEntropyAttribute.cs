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

    /// <summary>
    /// The weight of each class, such as <c>new[] { 1f, 5f }</c>; none by default. With class indices the loss is <c>Σ w_c·l / Σ w_c</c>, where c is the label; with
    /// <see cref="SoftTargets"/> each term of the sum over the classes is multiplied by its weight, and the mean is over samples. Equivalent to <c>weight</c> in PyTorch. Metrics
    /// do not use the weights.
    /// </summary>
    public float[] ClassWeights { get; set; } = [];

    /// <summary>
    /// Whether the samples have weights. A batch then has one more column, <c>weight</c>, with one number per sample that is not negative, and the loss is
    /// <c>Σ w·l / Σ w</c>. If all weights of a batch are 0, the loss is 0, and so are its gradients. Metrics do not use the weights.
    /// </summary>
    public bool SampleWeights { get; set; }
}

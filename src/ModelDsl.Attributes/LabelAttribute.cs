namespace ModelDsl;

/// <summary>
/// On a parameter of a <c>[Loss]</c> method: class indices in the data, int <c>[N]</c> or <c>[N, Length]</c>, each in
/// 0 … classes − 1, or <see cref="Ignore"/>.
/// </summary>
/// <param name="classes">The number of classes; positive.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class LabelAttribute(int classes) : Attribute
{
    /// <summary>The number of classes.</summary>
    public int Classes { get; } = classes;

    /// <summary>The number of labels per sample, such as one per position; 0, the default, for a single label.</summary>
    public int Length { get; set; }

    /// <summary>
    /// The label that is ignored, such as −100: the loss is the mean over all other labels, metrics ignore it, and it has no gradient. If
    /// a batch has no other labels, the loss is 0. It may be one of the classes. By default all labels count. Equivalent to <c>ignore_index</c> in PyTorch.
    /// </summary>
    public int Ignore { get; set; } = int.MinValue;
}

namespace ModelDsl;

/// <summary>
/// On a parameter of a <c>[Loss]</c> method: class indices that come with each sample, int <c>[N]</c> or <c>[N, Length]</c>, each in
/// 0 … classes − 1, or <see cref="Ignore"/>.
/// </summary>
/// <param name="classes">The number of classes; positive.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class LabelAttribute(int classes) : Attribute
{
    /// <summary>The number of classes.</summary>
    public int Classes { get; } = classes;

    /// <summary>The number of labels of a sample, such as one per position; 0, the default, for a single one.</summary>
    public int Length { get; set; }

    /// <summary>
    /// The label of what does not count, such as −100: the loss is the mean over all others, metrics leave it out, and no gradient comes from it. Where
    /// nothing counts in a batch, the loss is 0. May be one of the classes. Left out, everything counts. PyTorch <c>ignore_index</c>.
    /// </summary>
    public int Ignore { get; set; } = int.MinValue;
}

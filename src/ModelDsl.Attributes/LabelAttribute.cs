namespace ModelDsl;

/// <summary>
/// On a parameter of a <c>[Loss]</c> method: class indices that come with each sample, int <c>[N]</c> or <c>[N, Length]</c>, each in
/// 0 … classes − 1.
/// </summary>
/// <param name="classes">The number of classes; positive.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class LabelAttribute(int classes) : Attribute
{
    /// <summary>The number of classes.</summary>
    public int Classes { get; } = classes;

    /// <summary>The number of labels of a sample, such as one per position; 0, the default, for a single one.</summary>
    public int Length { get; set; }
}

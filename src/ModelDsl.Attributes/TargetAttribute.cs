namespace ModelDsl;

/// <summary>On a parameter of a <c>[Loss]</c> method: numbers in the data, float <c>[N, shape…]</c>.</summary>
/// <param name="shape">The shape of one sample, at least one positive size: <c>[Target(3)]</c>.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TargetAttribute(params int[] shape) : Attribute
{
    /// <summary>The shape of one sample.</summary>
    public int[] Shape { get; } = shape;
}

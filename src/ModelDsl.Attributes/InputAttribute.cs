namespace ModelDsl;

/// <summary>
/// The model's input: numbers of a fixed shape, float <c>[N, shape…]</c>, where N is the number of samples in a batch.
/// It is the first layer of every model that has no <see cref="TokenInputAttribute"/>.
/// </summary>
/// <param name="shape">The shape of one sample, at least one positive size: <c>[Input(784)]</c>, <c>[Input(28, 28)]</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, AllowMultiple = true, Inherited = false)]
public sealed class InputAttribute(params int[] shape) : LayerAttribute
{
    /// <summary>The shape of one sample.</summary>
    public int[] Shape { get; } = shape;
}

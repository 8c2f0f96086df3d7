namespace ModelDsl;

/// <summary>
/// The values of a sample under another shape, in the same row-major order. Shapes: <c>[N, …]</c> → <c>[N, shape…]</c> with as many values
/// per sample. Costs nothing.
/// </summary>
/// <param name="shape">The new shape of one sample, at least one positive size, without the batch axis.</param>
public sealed class ReshapeAttribute(params int[] shape) : LayerAttribute
{
    /// <summary>The new shape of one sample.</summary>
    public int[] Shape { get; } = shape;
}

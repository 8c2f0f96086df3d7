namespace ModelDsl;

/// <summary>
/// Changes the shape of a sample and keeps its values in row-major order. Shapes: <c>[N, …]</c> → <c>[N, shape…]</c> with the same number of values
/// per sample. It copies nothing.
/// </summary>
/// <param name="shape">The new shape of one sample, at least one positive size, without the batch axis.</param>
public sealed class ReshapeAttribute(params int[] shape) : LayerAttribute
{
    /// <summary>The new shape of one sample.</summary>
    public int[] Shape { get; } = shape;
}

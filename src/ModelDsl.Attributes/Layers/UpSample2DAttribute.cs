namespace ModelDsl;

/// <summary>
/// Enlarges feature maps by an integer factor. Shapes: <c>[N, height, width, channels]</c> → <c>[N, height · factor, width · factor, channels]</c>.
/// </summary>
/// <remarks>Equivalent to PyTorch's <c>Upsample</c> with <c>align_corners=False</c>.</remarks>
/// <param name="factor">The factor by which the number of rows and columns is multiplied; positive.</param>
public sealed class UpSample2DAttribute(int factor) : LayerAttribute
{
    /// <summary>The factor by which the number of rows and columns is multiplied.</summary>
    public int Factor { get; } = factor;

    /// <summary>The interpolation between the values of the input.</summary>
    public Interpolation Interpolation { get; set; }
}

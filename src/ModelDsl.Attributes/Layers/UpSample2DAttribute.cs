namespace ModelDsl;

/// <summary>
/// Enlarges maps by a whole factor. Shapes: <c>[N, height, width, channels]</c> → <c>[N, height · factor, width · factor, channels]</c>.
/// </summary>
/// <remarks>As PyTorch's <c>Upsample</c> with <c>align_corners=False</c>.</remarks>
/// <param name="factor">How many rows and columns each becomes; positive.</param>
public sealed class UpSample2DAttribute(int factor) : LayerAttribute
{
    /// <summary>How many rows and columns each becomes.</summary>
    public int Factor { get; } = factor;

    /// <summary>What stands between the known values.</summary>
    public Interpolation Interpolation { get; set; }
}

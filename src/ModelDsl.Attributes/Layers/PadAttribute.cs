namespace ModelDsl;

/// <summary>
/// Zeros around a map, or before and behind a sequence. Shapes: <c>[N, height, width, channels]</c> →
/// <c>[N, top + height + bottom, left + width + right, channels]</c>, and likewise for any number of axes of positions.
/// </summary>
/// <param name="padding">
/// How many zeros, none negative: one number for all sides; or one per axis, for both its sides, as in <c>Pad(height, width)</c>; or two per axis, before
/// and behind, as in <c>Pad(top, bottom, left, right)</c>.
/// </param>
public sealed class PadAttribute(params int[] padding) : LayerAttribute
{
    /// <summary>How many zeros.</summary>
    public int[] Padding { get; } = padding;
}

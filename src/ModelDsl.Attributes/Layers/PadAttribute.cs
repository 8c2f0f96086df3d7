namespace ModelDsl;

/// <summary>
/// Adds zeros around a feature map, or at the start and end of a sequence. Shapes: <c>[N, height, width, channels]</c> →
/// <c>[N, top + height + bottom, left + width + right, channels]</c>, and in the same way for any number of position axes.
/// </summary>
/// <param name="padding">
/// The numbers of zeros, not negative: one number for all sides; or one per axis, for both its sides, as in <c>Pad(height, width)</c>; or two per axis, at its start
/// and end, as in <c>Pad(top, bottom, left, right)</c>.
/// </param>
public sealed class PadAttribute(params int[] padding) : LayerAttribute
{
    /// <summary>The numbers of zeros.</summary>
    public int[] Padding { get; } = padding;
}

namespace ModelDsl.Images;

/// <summary>The pixels outside an image that was moved, rotated or reduced.</summary>
public enum ImageEdge
{
    /// <summary>The mirror image: d c b a | a b c d | d c b a.</summary>
    Reflect,

    /// <summary>The nearest pixel: a a a a | a b c d | d d d d.</summary>
    Nearest,

    /// <summary>Zero.</summary>
    Zero,
}

namespace ModelDsl.Images;

/// <summary>What is seen beyond the edge of a picture that was moved, turned or made smaller.</summary>
public enum ImageEdge
{
    /// <summary>Its mirror image: d c b a | a b c d | d c b a.</summary>
    Reflect,

    /// <summary>Its last pixels: a a a a | a b c d | d d d d.</summary>
    Nearest,

    /// <summary>Zero.</summary>
    Zero,
}

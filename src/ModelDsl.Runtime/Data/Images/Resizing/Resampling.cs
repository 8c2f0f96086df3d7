namespace ModelDsl.Images;

/// <summary>
/// How a new pixel is made from old ones. Pixels are squares: pixel i reaches from i to i + 1, and both pictures cover the same area. Rows and
/// columns are treated alike, one after the other.
/// </summary>
public enum Resampling
{
    /// <summary>
    /// The mean of what lies around the new pixel's middle, weighted by a triangle that is as wide as two new pixels, or two old ones if these
    /// are larger. Keeps all detail that fits; Pillow's BILINEAR, PyTorch's bilinear with <c>antialias=True</c>.
    /// </summary>
    Antialiased,

    /// <summary>
    /// Between the two nearest pixels, however many lie between them: quick, but detail is lost or turned into patterns when a picture becomes much
    /// smaller. TensorFlow's bilinear, PyTorch's with <c>align_corners=False</c>.
    /// </summary>
    Bilinear,

    /// <summary>
    /// The mean of all that lies under the new pixel, each pixel counted by the share of it that does. TensorFlow's and OpenCV's area; PyTorch's when sizes
    /// are multiples.
    /// </summary>
    Area,
}

/// <summary>What happens to a picture whose aspect ratio is not that of its new size.</summary>
public enum ImageFit
{
    /// <summary>It is stretched.</summary>
    Stretch,

    /// <summary>It keeps its ratio and fills the new size; what is too much is cut off on both sides alike.</summary>
    Crop,

    /// <summary>It keeps its ratio and is shown whole in the middle; the rest is zero.</summary>
    Pad,
}

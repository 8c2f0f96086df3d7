namespace ModelDsl.Images;

/// <summary>
/// How new pixels are computed from old ones. Pixels are squares: pixel i covers the range from i to i + 1, and both images cover the same area. Rows and
/// columns are resampled separately, in the same way.
/// </summary>
public enum Resampling
{
    /// <summary>
    /// The mean of the pixels around the center of the new pixel, weighted by a triangle that is as wide as two new pixels, or two old ones if these
    /// are larger. It keeps as much detail as the new size allows. Equivalent to Pillow's BILINEAR, and PyTorch's bilinear with <c>antialias=True</c>.
    /// </summary>
    Antialiased,

    /// <summary>
    /// Interpolates between the two nearest pixels. It is fast, but when the image becomes much smaller, details are lost or become patterns.
    /// Equivalent to TensorFlow's bilinear, and PyTorch's with <c>align_corners=False</c>.
    /// </summary>
    Bilinear,

    /// <summary>
    /// The mean of the pixels in the area of the new pixel, each weighted by the part of it in that area. Equivalent to area of TensorFlow and OpenCV, and to PyTorch's if sizes
    /// are multiples.
    /// </summary>
    Area,
}

/// <summary>How an image is fitted to a size with another aspect ratio.</summary>
public enum ImageFit
{
    /// <summary>The image is stretched.</summary>
    Stretch,

    /// <summary>The image keeps its aspect ratio and fills the new size; the excess is cropped equally on both sides.</summary>
    Crop,

    /// <summary>The image keeps its aspect ratio and is completely visible in the center; the rest is zero.</summary>
    Pad,
}

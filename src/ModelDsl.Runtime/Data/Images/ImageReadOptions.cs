using ModelDsl.Images.Bmp;
using ModelDsl.Images.Jpeg;
using ModelDsl.Images.Png;

namespace ModelDsl.Images;

/// <summary>How images are read, and the limits for the memory of a file.</summary>
public sealed record ImageReadOptions
{
    private readonly long mostPixels = 64 << 20;
    private readonly int mostBytes = 256 << 20;

    /// <summary>PNG and BMP, and JPEG by the system's libjpeg-turbo if it is installed.</summary>
    public static IReadOnlyList<IImageDecoder> StandardDecoders { get; } = [new PngDecoder(), new BmpDecoder(), new TurboJpegDecoder()];

    /// <summary>The default options.</summary>
    public static ImageReadOptions Default { get; } = new();

    /// <summary>The decoders; the first one that recognizes a file reads it. <see cref="StandardDecoders"/> by default.</summary>
    public IReadOnlyList<IImageDecoder> Decoders { get; init; } = StandardDecoders;

    /// <summary>The maximum number of pixels of an image, which is checked before memory is allocated; 64 Mi (such as 8192 × 8192) by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MostPixels
    {
        get => mostPixels;
        init => mostPixels = value >= 1 ? value : throw ArgumentCheck.Out(nameof(MostPixels), value, "at least 1");
    }

    /// <summary>The maximum size of a file in bytes, which is checked before it is read; 256 MiB by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MostBytes
    {
        get => mostBytes;
        init => mostBytes = ArgumentCheck.AtLeast(value, 1);
    }
}

using ModelDsl.Images.Bmp;
using ModelDsl.Images.Jpeg;
using ModelDsl.Images.Png;

namespace ModelDsl.Images;

/// <summary>How pictures are read, and how much a file may make the reader allocate.</summary>
public sealed record ImageReadOptions
{
    private readonly long mostPixels = 64 << 20;
    private readonly int mostBytes = 256 << 20;

    /// <summary>PNG and BMP, and JPEG through the system's libjpeg-turbo where it is installed.</summary>
    public static IReadOnlyList<IImageDecoder> StandardDecoders { get; } = [new PngDecoder(), new BmpDecoder(), new TurboJpegDecoder()];

    /// <summary>The defaults.</summary>
    public static ImageReadOptions Default { get; } = new();

    /// <summary>Who reads which format; the first one that recognises a file gets it. <see cref="StandardDecoders"/> by default.</summary>
    public IReadOnlyList<IImageDecoder> Decoders { get; init; } = StandardDecoders;

    /// <summary>Pictures with more pixels are rejected before memory is allocated for them; 64 Mi (such as 8192 × 8192) by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MostPixels
    {
        get => mostPixels;
        init => mostPixels = value >= 1 ? value : throw ArgumentCheck.Out(nameof(MostPixels), value, "at least 1");
    }

    /// <summary>Larger files are rejected before they are read; 256 MiB by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MostBytes
    {
        get => mostBytes;
        init => mostBytes = ArgumentCheck.AtLeast(value, 1);
    }
}

using ModelDsl.Files;
using ModelDsl.Images.Png;
using ModelDsl.Images.Resizing;

namespace ModelDsl.Images;

/// <summary>A picture of bytes: rows from the top, the channels of a pixel side by side.</summary>
/// <remarks>
/// Files are read as they are: no gamma or colour profile is applied, and a photo is not turned as its EXIF data says. Samples of 16 bits are
/// rounded to 8.
/// </remarks>
public sealed class Image
{
    private readonly byte[] pixels;

    /// <summary>Makes a black picture (transparent if it has an alpha channel).</summary>
    /// <param name="width">Pixels per row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="channels">1 for grey, 2 for grey and alpha, 3 for red, green and blue, 4 for these and alpha.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range, or the picture does not fit into one array.</exception>
    public Image(int width, int height, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((Int128)width * height * channels, Array.MaxLength, nameof(height));
        (Width, Height, Channels) = (width, height, channels);
        pixels = new byte[width * height * channels];
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 for grey, 2 for grey and alpha, 3 for red, green and blue, 4 for these and alpha.</summary>
    public int Channels { get; }

    /// <summary>The bytes: channel c of the pixel in column x of row y is number (y · width + x) · channels + c.</summary>
    public Span<byte> Pixels => pixels;

    /// <summary>The channels of one pixel.</summary>
    /// <param name="x">The column.</param>
    /// <param name="y">The row.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pixel.</exception>
    public Span<byte> this[int x, int y]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(x);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, Width);
            ArgumentOutOfRangeException.ThrowIfNegative(y);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
            return pixels.AsSpan(((y * Width) + x) * Channels, Channels);
        }
    }

    /// <summary>Reads a file; its contents decide what format it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Formats and limits; null for <see cref="ImageReadOptions.Default"/>.</param>
    /// <exception cref="InvalidDataException">The file is damaged, cut short, too large or of an unknown format; the message names it.</exception>
    /// <exception cref="NotSupportedException">What is needed for its format is not installed; the message says how to get it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Image Read(string path, ImageReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = ImageFile.Read(path, options ?? ImageReadOptions.Default);
        return Decode(file);
    }

    /// <summary>Reads a picture from the bytes of a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What messages shall call it.</param>
    /// <param name="options">Formats and limits; null for <see cref="ImageReadOptions.Default"/>.</param>
    /// <exception cref="InvalidDataException">The file is damaged, cut short, too large or of an unknown format.</exception>
    /// <exception cref="NotSupportedException">What is needed for its format is not installed; the message says how to get it.</exception>
    public static Image Read(ReadOnlyMemory<byte> file, string name, ImageReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var open = ImageFile.Open(file, name, options ?? ImageReadOptions.Default);
        return Decode(open);
    }

    /// <summary>
    /// The same picture with another number of channels. Alpha is dropped, or added as opaque; grey from colours is the luma of ITU-R BT.601,
    /// 0.299 · R + 0.587 · G + 0.114 · B.
    /// </summary>
    /// <param name="channels">1 for grey, 2 for grey and alpha, 3 for red, green and blue, 4 for these and alpha.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no pictures with so many channels.</exception>
    public Image WithChannels(int channels)
    {
        var image = new Image(Width, Height, channels);
        if (channels >= Channels)
        {
            pixels.CopyTo(image.pixels, 0);
            ChannelConversion.InPlace(image.pixels, Width * Height, Channels, channels);
            return image;
        }

        byte[] copy = [.. pixels];
        ChannelConversion.InPlace(copy, Width * Height, Channels, channels);
        copy.AsSpan(0, image.pixels.Length).CopyTo(image.pixels);
        return image;
    }

    /// <summary>The picture in another size.</summary>
    /// <param name="width">The new number of columns.</param>
    /// <param name="height">The new number of rows.</param>
    /// <param name="resampling">How new pixels are made from old ones.</param>
    /// <param name="fit">What happens when the new size has another aspect ratio.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public Image Resize(int width, int height, Resampling resampling = Resampling.Antialiased, ImageFit fit = ImageFit.Stretch)
    {
        var image = new Image(width, height, Channels);
        Resampler.Resize(new PixelSource(pixels, Width, Height, Channels), image.pixels, width, height, resampling, fit);
        return image;
    }

    /// <summary>The picture as the bytes of a PNG file.</summary>
    public byte[] ToPng()
    {
        using var stream = new MemoryStream();
        PngWriter.Write(stream, this);
        return stream.ToArray();
    }

    /// <summary>Writes a PNG file: beside the path, and then renamed, as <see cref="Model.Save"/> does.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <exception cref="DirectoryNotFoundException">The folder of the file does not exist.</exception>
    /// <exception cref="IOException">The path is a folder, or the file cannot be written; what was at the path is still there.</exception>
    public void SavePng(string path) => OutputFile.Write(path, stream => PngWriter.Write(stream, this));

    private static Image Decode(ImageFile file)
    {
        var image = new Image(file.Width, file.Height, file.Channels);
        file.Decode(image.pixels);
        return image;
    }
}

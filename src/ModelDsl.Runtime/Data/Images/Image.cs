using ModelDsl.Files;
using ModelDsl.Images.Png;
using ModelDsl.Images.Resizing;

namespace ModelDsl.Images;

/// <summary>An image of bytes: rows from the top, with interleaved channels.</summary>
/// <remarks>
/// Pixels are read without conversion: no gamma or color profile is applied, and a photo is not rotated according to its EXIF data. Samples of 16 bits are
/// rounded to 8.
/// </remarks>
public sealed class Image
{
    private readonly byte[] pixels;

    /// <summary>Creates a black image (transparent if it has an alpha channel).</summary>
    /// <param name="width">The number of pixels per row, at least 1.</param>
    /// <param name="height">The number of rows, at least 1.</param>
    /// <param name="channels">The number of channels: 1 for gray, 2 for gray and alpha, 3 for red, green and blue, 4 for red, green, blue and alpha.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range, or the image does not fit into one array.</exception>
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

    /// <summary>The number of pixels per row.</summary>
    public int Width { get; }

    /// <summary>The number of rows.</summary>
    public int Height { get; }

    /// <summary>The number of channels: 1 for gray, 2 for gray and alpha, 3 for red, green and blue, 4 for red, green, blue and alpha.</summary>
    public int Channels { get; }

    /// <summary>The bytes: channel c of the pixel in column x of row y has the index (y · width + x) · channels + c.</summary>
    public Span<byte> Pixels => pixels;

    /// <summary>Gets the channels of one pixel.</summary>
    /// <param name="x">The column.</param>
    /// <param name="y">The row.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pixel is outside the image.</exception>
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

    /// <summary>Reads an image file. The format is detected from its contents.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="options">The formats and limits; null for <see cref="ImageReadOptions.Default"/>.</param>
    /// <exception cref="InvalidDataException">The file is damaged, truncated, too large or of an unknown format; the message contains its name.</exception>
    /// <exception cref="NotSupportedException">A library for the format is not installed; the message says how to install it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Image Read(string path, ImageReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = ImageFile.Read(path, options ?? ImageReadOptions.Default);
        return Decode(file);
    }

    /// <summary>Reads an image from the bytes of a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">The name of the image in error messages.</param>
    /// <param name="options">The formats and limits; null for <see cref="ImageReadOptions.Default"/>.</param>
    /// <exception cref="InvalidDataException">The file is damaged, truncated, too large or of an unknown format.</exception>
    /// <exception cref="NotSupportedException">A library for the format is not installed; the message says how to install it.</exception>
    public static Image Read(ReadOnlyMemory<byte> file, string name, ImageReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var open = ImageFile.Open(file, name, options ?? ImageReadOptions.Default);
        return Decode(open);
    }

    /// <summary>
    /// Returns the same image with another number of channels. Alpha is dropped, or added as opaque. Gray is computed from colors as the luma of ITU-R BT.601,
    /// 0.299 · R + 0.587 · G + 0.114 · B.
    /// </summary>
    /// <param name="channels">The number of channels: 1 for gray, 2 for gray and alpha, 3 for red, green and blue, 4 for red, green, blue and alpha.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of channels is not from 1 to 4.</exception>
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

    /// <summary>Returns the image in another size.</summary>
    /// <param name="width">The new number of columns.</param>
    /// <param name="height">The new number of rows.</param>
    /// <param name="resampling">How new pixels are computed from old ones.</param>
    /// <param name="fit">How the image is fitted if the new size has another aspect ratio.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public Image Resize(int width, int height, Resampling resampling = Resampling.Antialiased, ImageFit fit = ImageFit.Stretch)
    {
        var image = new Image(width, height, Channels);
        Resampler.Resize(new PixelSource(pixels, Width, Height, Channels), image.pixels, width, height, resampling, fit);
        return image;
    }

    /// <summary>Returns the image as the bytes of a PNG file.</summary>
    public byte[] ToPng()
    {
        using var stream = new MemoryStream();
        PngWriter.Write(stream, this);
        return stream.ToArray();
    }

    /// <summary>Writes a PNG file: to a temporary file that is then renamed, as <see cref="Model.Save(string)"/> does.</summary>
    /// <param name="path">The path of the file; an existing file is replaced.</param>
    /// <exception cref="DirectoryNotFoundException">The folder of the file does not exist.</exception>
    /// <exception cref="IOException">The path is a folder, or the file cannot be written; an existing file is unchanged.</exception>
    public void SavePng(string path) => OutputFile.Write(path, stream => PngWriter.Write(stream, this));

    private static Image Decode(ImageFile file)
    {
        var image = new Image(file.Width, file.Height, file.Channels);
        file.Decode(image.pixels);
        return image;
    }
}

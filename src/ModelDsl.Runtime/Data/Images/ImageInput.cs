using System.Buffers;
using ModelDsl.Images.Resizing;

namespace ModelDsl.Images;

/// <summary>How an image of any size is converted to the input of a model: the same for training, testing and prediction.</summary>
/// <example>
/// <code>
/// var input = new ImageInput(150, 150);
/// var photos = ImageFolder.Open("photos", input);
/// float[] answer = model.Predict(input.Read("new.jpg"));
/// </code>
/// </example>
public sealed record ImageInput
{
    private readonly int channels = 3;

    /// <summary>Creates the description of inputs of the shape [height, width, channels].</summary>
    /// <param name="height">The number of rows.</param>
    /// <param name="width">The number of columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public ImageInput(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)height * width, Array.MaxLength / 16, nameof(height));
        (Height, Width) = (height, width);
    }

    /// <summary>The number of rows.</summary>
    public int Height { get; }

    /// <summary>The number of columns.</summary>
    public int Width { get; }

    /// <summary>The number of channels: 3 for red, green and blue, the default; 1 for gray.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 or 3.</exception>
    public int Channels
    {
        get => channels;
        init => channels = value is 1 or 3
            ? value
            : throw ArgumentCheck.Out(nameof(Channels), value, "3 (red, green and blue) or 1 (grey)");
    }

    /// <summary>The factor of each byte; 1/255, the default, gives values in [0, 1].</summary>
    public float Scale { get; init; } = 1f / 255;

    /// <summary>How new pixels are computed from old ones.</summary>
    public Resampling Resampling { get; init; }

    /// <summary>How images with another aspect ratio are fitted.</summary>
    public ImageFit Fit { get; init; }

    /// <summary>The formats and limits for reading files.</summary>
    public ImageReadOptions Reading { get; init; } = ImageReadOptions.Default;

    /// <summary>The number of values per image.</summary>
    public int Length => Height * Width * Channels;

    /// <summary>Reads a file as a model's input.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, truncated, too large or of an unknown format; the message contains its name.</exception>
    /// <exception cref="NotSupportedException">A library for the format is not installed; the message says how to install it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public float[] Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var bytes = new byte[Length];
        ReadBytes(path, bytes);
        return ToFloats(bytes);
    }

    /// <summary>Converts an image to a model's input.</summary>
    /// <param name="image">The image.</param>
    public float[] From(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return ToFloats(image.WithChannels(Channels).Resize(Width, Height, Resampling, Fit).Pixels);
    }

    /// <summary>Reads a file as bytes of the model's size, without scaling them.</summary>
    internal void ReadBytes(string path, Span<byte> target)
    {
        using var file = ImageFile.Read(path, Reading);
        var pixels = file.Width * file.Height;
        var rented = ArrayPool<byte>.Shared.Rent(pixels * Math.Max(file.Channels, Channels));
        try
        {
            file.Decode(rented);
            ChannelConversion.InPlace(rented, pixels, file.Channels, Channels);
            Resampler.Resize(new PixelSource(rented, file.Width, file.Height, Channels), target, Width, Height, Resampling, Fit);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private float[] ToFloats(ReadOnlySpan<byte> bytes)
    {
        var floats = new float[bytes.Length];
        Rows.Scale(bytes, Scale, floats);
        return floats;
    }
}

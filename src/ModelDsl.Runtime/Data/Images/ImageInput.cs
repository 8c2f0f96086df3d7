using System.Buffers;
using ModelDsl.Images.Resizing;

namespace ModelDsl.Images;

/// <summary>How a picture of any size becomes the input of a model: the same for training, testing and prediction.</summary>
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

    /// <summary>Describes inputs of the shape [height, width, channels].</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public ImageInput(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)height * width, Array.MaxLength / 16, nameof(height));
        (Height, Width) = (height, width);
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>3 for red, green and blue, the default; 1 for grey.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither.</exception>
    public int Channels
    {
        get => channels;
        init => channels = value is 1 or 3
            ? value
            : throw ArgumentCheck.Out(nameof(Channels), value, "3 (red, green and blue) or 1 (grey)");
    }

    /// <summary>What each byte is multiplied by; 1/255, the default, gives [0, 1].</summary>
    public float Scale { get; init; } = 1f / 255;

    /// <summary>How new pixels are made from old ones.</summary>
    public Resampling Resampling { get; init; }

    /// <summary>What happens to pictures with another aspect ratio.</summary>
    public ImageFit Fit { get; init; }

    /// <summary>Formats and limits.</summary>
    public ImageReadOptions Reading { get; init; } = ImageReadOptions.Default;

    /// <summary>Values per picture.</summary>
    public int Length => Height * Width * Channels;

    /// <summary>Reads a file as a model's input.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, cut short, too large or of an unknown format; the message names it.</exception>
    /// <exception cref="NotSupportedException">What is needed for its format is not installed; the message says how to get it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public float[] Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var bytes = new byte[Length];
        ReadBytes(path, bytes);
        return ToFloats(bytes);
    }

    /// <summary>Turns a picture into a model's input.</summary>
    /// <param name="image">The picture.</param>
    public float[] From(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return ToFloats(image.WithChannels(Channels).Resize(Width, Height, Resampling, Fit).Pixels);
    }

    /// <summary>Reads a file as bytes of the right size, before they are scaled.</summary>
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

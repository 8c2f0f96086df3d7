namespace ModelDsl.Images;

/// <summary>
/// Reads one format of pictures. Another library takes over here: give it to <see cref="ImageReadOptions.Decoders"/>.
/// </summary>
/// <remarks>Used by several threads at once.</remarks>
public interface IImageDecoder
{
    /// <summary>The format's name in messages, such as <c>PNG</c>.</summary>
    string Format { get; }

    /// <summary>The endings of file names by which a folder is searched, in lower case and with their dots.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>What has to be installed before this decoder can work, in a sentence for people; null when nothing is missing.</summary>
    string? Missing { get; }

    /// <summary>Whether a file is of this format; its contents decide, not its name.</summary>
    /// <param name="start">The first bytes, up to 32.</param>
    bool Recognizes(ReadOnlySpan<byte> start);

    /// <summary>
    /// Reads what stands before the pixels. Must not allocate more than a small multiple of the file's size, whatever the header promises:
    /// only when the size it finds is accepted will there be memory for the pixels.
    /// </summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or of a kind that is not supported.</exception>
    EncodedImage Open(ReadOnlyMemory<byte> file);
}

/// <summary>A picture whose header is read and whose pixels are not.</summary>
public abstract class EncodedImage
{
    /// <summary>Describes a picture.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for grey, 2 for grey and alpha, 3 for red, green and blue, 4 for these and alpha.</param>
    /// <exception cref="InvalidDataException">A size is not positive.</exception>
    protected EncodedImage(int width, int height, int channels)
    {
        if (width < 1 || height < 1)
            throw new InvalidDataException($"the header says {width} × {height} pixels");
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 4);
        (Width, Height, Channels) = (width, height, channels);
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 for grey, 2 for grey and alpha, 3 for red, green and blue, 4 for these and alpha.</summary>
    public int Channels { get; }

    /// <summary>Decodes the pixels.</summary>
    /// <param name="pixels">Receives height · width · channels bytes: rows from the top, the channels of a pixel side by side.</param>
    /// <exception cref="InvalidDataException">The file is damaged or cut short.</exception>
    public abstract void Decode(Span<byte> pixels);
}

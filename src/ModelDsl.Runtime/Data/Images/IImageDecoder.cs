namespace ModelDsl.Images;

/// <summary>
/// Reads an image format. To read images with another library, add an implementation to <see cref="ImageReadOptions.Decoders"/>.
/// </summary>
/// <remarks>Several threads use an implementation at the same time.</remarks>
public interface IImageDecoder
{
    /// <summary>The name of the format in error messages, such as <c>PNG</c>.</summary>
    string Format { get; }

    /// <summary>The file name extensions of images in folders, in lower case and with dots.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>A sentence that says what must be installed for this decoder; null if nothing is missing.</summary>
    string? Missing { get; }

    /// <summary>Whether a file has this format, according to its contents.</summary>
    /// <param name="start">The first bytes, up to 32.</param>
    bool Recognizes(ReadOnlySpan<byte> start);

    /// <summary>
    /// Reads the header. Must not allocate more than a small multiple of the file's size, whatever size the header claims:
    /// memory for the pixels is allocated only if that size is accepted.
    /// </summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, truncated or of a kind that is not supported.</exception>
    EncodedImage Open(ReadOnlyMemory<byte> file);
}

/// <summary>An image whose header was read, but not its pixels.</summary>
public abstract class EncodedImage
{
    /// <summary>Creates the description of an image.</summary>
    /// <param name="width">The number of pixels per row.</param>
    /// <param name="height">The number of rows.</param>
    /// <param name="channels">The number of channels: 1 for gray, 2 for gray and alpha, 3 for red, green and blue, 4 for red, green, blue and alpha.</param>
    /// <exception cref="InvalidDataException">A size is not positive.</exception>
    protected EncodedImage(int width, int height, int channels)
    {
        if (width < 1 || height < 1)
            throw new InvalidDataException($"the header says {width} × {height} pixels");
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 4);
        (Width, Height, Channels) = (width, height, channels);
    }

    /// <summary>The number of pixels per row.</summary>
    public int Width { get; }

    /// <summary>The number of rows.</summary>
    public int Height { get; }

    /// <summary>The number of channels: 1 for gray, 2 for gray and alpha, 3 for red, green and blue, 4 for red, green, blue and alpha.</summary>
    public int Channels { get; }

    /// <summary>Decodes the pixels.</summary>
    /// <param name="pixels">Receives height · width · channels bytes: rows from the top, with interleaved channels.</param>
    /// <exception cref="InvalidDataException">The file is damaged or truncated.</exception>
    public abstract void Decode(Span<byte> pixels);
}

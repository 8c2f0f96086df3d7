using System.Buffers;
using ModelDsl.Files;

namespace ModelDsl.Images;

/// <summary>A file whose format was recognized and whose size is within the limits. Its bytes are rented: dispose it.</summary>
internal sealed class ImageFile : IDisposable
{
    private const int StartBytes = 32;

    // Without this limit, a single row could be as long as the maximum number of pixels.
    private const int LongestSide = 1 << 20;

    private readonly string name;
    private readonly string format;
    private readonly EncodedImage image;
    private byte[]? rented;

    private ImageFile(string name, string format, EncodedImage image, byte[]? rented)
    {
        (this.name, this.format, this.image, this.rented) = (name, format, image, rented);
    }

    public int Width => image.Width;

    public int Height => image.Height;

    public int Channels => image.Channels;

    public static ImageFile Read(string path, ImageReadOptions options)
    {
        using var stream = InputFile.Open(path);
        var handle = stream.SafeFileHandle;
        var length = RandomAccess.GetLength(handle);
        if (length > options.MostBytes)
            throw new InvalidDataException($"{path}: has {length:N0} bytes; at most {options.MostBytes:N0} are read (ImageReadOptions.MostBytes).");

        var rented = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var read = 0;
            while (read < length && RandomAccess.Read(handle, rented.AsSpan(read, (int)length - read), read) is > 0 and var count)
                read += count;
            return Open(rented.AsMemory(0, read), path, options, rented);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(rented);
            throw;
        }
    }

    public static ImageFile Open(ReadOnlyMemory<byte> file, string name, ImageReadOptions options) => Open(file, name, options, rented: null);

    /// <summary>Decodes the pixels into the first height · width · channels bytes.</summary>
    public void Decode(Span<byte> pixels)
    {
        try
        {
            image.Decode(pixels[..(Width * Height * Channels)]);
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(name, format, exception);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref rented, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private static ImageFile Open(ReadOnlyMemory<byte> file, string name, ImageReadOptions options, byte[]? rented)
    {
        if (file.IsEmpty)
            throw new InvalidDataException($"{name}: is empty.");
        var start = file.Span[..Math.Min(StartBytes, file.Length)];
        IImageDecoder? decoder = null;
        foreach (var candidate in options.Decoders)
        {
            if (candidate.Recognizes(start))
            {
                decoder = candidate;
                break;
            }
        }

        if (decoder is null)
        {
            throw new InvalidDataException(
                $"{name}: is no picture of a known format ({string.Join(", ", options.Decoders.Select(known => known.Format))}); "
                + $"it starts with {Convert.ToHexString(start[..Math.Min(4, start.Length)])}.");
        }

        if (decoder.Missing is { } missing)
            throw new NotSupportedException($"{name}: {missing}");
        EncodedImage image;
        try
        {
            image = decoder.Open(file);
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(name, decoder.Format, exception);
        }

        var pixels = (long)image.Width * image.Height;
        // Four bytes per pixel must fit into an array, even if the limit is larger.
        var limit = Math.Min(options.MostPixels, Array.MaxLength / 4);
        if (pixels > limit)
        {
            throw new InvalidDataException(
                $"{name}: has {image.Width} × {image.Height} pixels; at most {limit:N0} are decoded (ImageReadOptions.MostPixels).");
        }

        return Math.Max(image.Width, image.Height) <= LongestSide
            ? new ImageFile(name, decoder.Format, image, rented)
            : throw new InvalidDataException($"{name}: has {image.Width} × {image.Height} pixels; a side may have {LongestSide:N0}.");
    }

    private static InvalidDataException Damaged(string name, string format, InvalidDataException exception) =>
        new($"{name}: not a {format} file that can be read: {exception.Message.TrimEnd('.')}.", exception);
}

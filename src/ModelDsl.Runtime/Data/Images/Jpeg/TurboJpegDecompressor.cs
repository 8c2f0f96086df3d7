using System.Runtime.InteropServices;

namespace ModelDsl.Images.Jpeg;

/// <summary>An instance of TurboJPEG's decompressor, for one thread.</summary>
internal sealed unsafe class TurboJpegDecompressor : IDisposable
{
    // A small progressive file can require thousands of passes over the image: more than 500 are an error (from version 2.1 on).
    private const int LimitScans = 32768;

    private const int Warning = 0;

    private readonly TurboJpegLibrary library;
    private nint handle;

    public TurboJpegDecompressor(TurboJpegLibrary library)
    {
        this.library = library;
        handle = library.InitDecompress();
        if (handle == 0)
            throw new InvalidOperationException("TurboJPEG cannot be initialised.");
    }

    /// <summary>Reads the sizes and the color space.</summary>
    public JpegHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        int width, height, subsampling, colors;
        fixed (byte* bytes = file)
        {
            if (library.DecompressHeader(handle, bytes, new CULong((nuint)file.Length), &width, &height, &subsampling, &colors) != 0)
                ThrowUnlessHarmless();
        }

        return new JpegHeader(width, height, (JpegColors)colors);
    }

    /// <summary>Decodes all pixels.</summary>
    public void Decode(ReadOnlySpan<byte> file, JpegHeader header, JpegPixels format, Span<byte> pixels)
    {
        var channels = format switch { JpegPixels.Grey => 1, JpegPixels.Rgb => 3, _ => 4 };
        // The library writes without knowing the length of the buffer.
        if (pixels.Length < (long)header.Width * header.Height * channels)
            throw new ArgumentException("There is too little room for the pixels.", nameof(pixels));
        fixed (byte* bytes = file)
        fixed (byte* target = pixels)
        {
            var size = new CULong((nuint)file.Length);
            if (library.Decompress(handle, bytes, size, target, header.Width, header.Width * channels, header.Height, (int)format, LimitScans) != 0)
                ThrowUnlessHarmless();
        }
    }

    public void Dispose()
    {
        if (handle != 0)
            _ = library.Destroy(handle);
        handle = 0;
    }

    /// <summary>
    /// Many valid photos cause warnings, such as of bytes between segments; but an incomplete image cannot be a sample.
    /// </summary>
    private void ThrowUnlessHarmless()
    {
        var text = Marshal.PtrToStringUTF8((nint)library.GetErrorText(handle)) ?? "unknown error";
        if (library.GetErrorCode(handle) != Warning || text.Contains("Premature end", StringComparison.Ordinal))
            throw new InvalidDataException($"TurboJPEG says '{text}'");
    }
}

/// <summary>The header of a JPEG file.</summary>
internal readonly record struct JpegHeader(int Width, int Height, JpegColors Colors);

/// <summary>Color spaces of JPEG files, with TurboJPEG's numbers.</summary>
internal enum JpegColors
{
    Rgb = 0,
    Ycbcr = 1,
    Grey = 2,
    Cmyk = 3,
    Ycck = 4,
}

/// <summary>Layouts of decoded pixels, with TurboJPEG's numbers.</summary>
internal enum JpegPixels
{
    Rgb = 0,
    Grey = 6,
    Cmyk = 11,
}

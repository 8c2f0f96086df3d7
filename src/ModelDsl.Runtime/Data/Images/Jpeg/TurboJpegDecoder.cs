namespace ModelDsl.Images.Jpeg;

/// <summary>Reads JPEG with the TurboJPEG library of the system, if it is installed.</summary>
internal sealed class TurboJpegDecoder : IImageDecoder
{
    private const string HowToInstall =
        "JPEG is read with libjpeg-turbo's TurboJPEG library, which is not installed. Install it (Debian and Ubuntu: apt install libturbojpeg0, older Ubuntu: "
        + "libturbojpeg; Fedora: dnf install turbojpeg; Alpine: apk add libjpeg-turbo; macOS: brew install jpeg-turbo; Windows: put turbojpeg.dll from "
        + "libjpeg-turbo.org beside the program), convert the pictures to PNG, or give another decoder in ImageReadOptions.Decoders.";

    public string Format => "JPEG";

    public IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jpe", ".jfif"];

    public string? Missing => TurboJpegLibrary.Instance is null ? HowToInstall : null;

    public bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    public EncodedImage Open(ReadOnlyMemory<byte> file)
    {
        var library = TurboJpegLibrary.Instance ?? throw new NotSupportedException(HowToInstall);
        using var decompressor = library.Open();
        return new JpegImage(library, file, decompressor.ReadHeader(file.Span));
    }

    private sealed class JpegImage(TurboJpegLibrary library, ReadOnlyMemory<byte> file, JpegHeader header)
        : EncodedImage(header.Width, header.Height, header.Colors == JpegColors.Grey ? 1 : 3)
    {
        public override void Decode(Span<byte> pixels)
        {
            using var decompressor = library.Open();
            if (header.Colors is not (JpegColors.Cmyk or JpegColors.Ycck))
            {
                decompressor.Decode(file.Span, header, header.Colors == JpegColors.Grey ? JpegPixels.Grey : JpegPixels.Rgb, pixels);
                return;
            }

            // Adobe stores inks inverted: 255 means no ink. The product of both inks is the remaining light.
            var inks = new byte[4 * Width * Height];
            decompressor.Decode(file.Span, header, JpegPixels.Cmyk, inks);
            for (var i = 0; i < Width * Height; i++)
            {
                for (var channel = 0; channel < 3; channel++)
                    pixels[(3 * i) + channel] = (byte)(((inks[(4 * i) + channel] * inks[(4 * i) + 3]) + 127) / 255);
            }
        }
    }
}

using System.Buffers.Binary;
using ModelDsl.Images;
using ModelDsl.Images.Jpeg;

namespace ModelDsl.Runtime.Tests.Data.Images;

public sealed class JpegTests
{
    [JpegTheory]
    [InlineData("rgb.jpg", 2)]
    [InlineData("grey.jpg", 0)]
    [InlineData("progressive.jpg", 2)]
    [InlineData("full.jpg", 2)]
    [InlineData("cmyk.jpg", 3)]
    public void Photos_are_read_as_Pillow_reads_them(string name, int most)
    {
        var (file, expected) = PictureVectors.FileOf(name);
        var image = Image.Read(file, name);

        Assert.Equal((expected.Width, expected.Height, expected.Channels), (image.Width, image.Height, image.Channels));
        for (var i = 0; i < expected.Pixels.Length; i++)
            Assert.InRange(image.Pixels[i] - expected.Pixels[i], -most, most);
    }

    [JpegFact]
    public void A_photo_cut_short_is_rejected()
    {
        var (file, _) = PictureVectors.FileOf("rgb.jpg");
        for (var length = 3; length < file.Length - 20; length += 7)
            Assert.StartsWith("test.jpg: ", Rejected(file[..length]), StringComparison.Ordinal);
    }

    [JpegFact]
    public void Random_damage_gives_clear_errors_or_pictures()
    {
        var random = new Random(6);
        foreach (var name in new[] { "rgb.jpg", "progressive.jpg", "cmyk.jpg" })
        {
            var (file, _) = PictureVectors.FileOf(name);
            for (var i = 0; i < 500; i++)
            {
                byte[] damaged = [.. file];
                damaged[3 + random.Next(damaged.Length - 3)] = (byte)random.Next(256);
                try
                {
                    _ = Image.Read(damaged, "test.jpg", new ImageReadOptions { MostPixels = 1 << 22 });
                }
                catch (InvalidDataException exception)
                {
                    Assert.StartsWith("test.jpg: ", exception.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [JpegFact]
    public void A_header_that_promises_much_is_rejected_before_it_is_decoded()
    {
        byte[] file = [.. PictureVectors.FileOf("rgb.jpg").File];
        var start = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        ((ReadOnlySpan<byte>)[0xFF, 0xDC, 0xFF, 0xDC]).CopyTo(file.AsSpan(start + 5));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("65500 × 65500 pixels; at most", Rejected(file), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [JpegTheory]
    [InlineData(3)]
    [InlineData(5)]
    public void A_header_without_rows_or_columns_is_rejected(int place)
    {
        byte[] file = [.. PictureVectors.FileOf("rgb.jpg").File];
        var start = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        file.AsSpan(start + 2 + place, 2).Clear();

        Assert.StartsWith("test.jpg: ", Rejected(file), StringComparison.Ordinal);
    }

    [JpegFact]
    public void Segments_that_lie_about_their_length_give_clear_errors_or_pictures()
    {
        var (file, _) = PictureVectors.FileOf("rgb.jpg");
        for (var at = 2; at + 3 < file.Length && file[at] == 0xFF && file[at + 1] != 0xDA; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2)))
        {
            foreach (var length in new ushort[] { 0, 1, 2, 3, 200, ushort.MaxValue })
            {
                byte[] lying = [.. file];
                BinaryPrimitives.WriteUInt16BigEndian(lying.AsSpan(at + 2), length);
                try
                {
                    _ = Image.Read(lying, "test.jpg", new ImageReadOptions { MostPixels = 1 << 22 });
                }
                catch (InvalidDataException exception)
                {
                    Assert.StartsWith("test.jpg: ", exception.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void Without_the_library_the_message_says_how_to_get_it()
    {
        if (TurboJpegLibrary.Instance is not null)
            return;
        var message = Assert.Throws<NotSupportedException>(() => Image.Read(PictureVectors.FileOf("rgb.jpg").File, "photo.jpg")).Message;

        Assert.StartsWith("photo.jpg: ", message, StringComparison.Ordinal);
        Assert.Contains("apt install libturbojpeg0", message, StringComparison.Ordinal);
    }

    private static string Rejected(byte[] file) => Assert.Throws<InvalidDataException>(() => Image.Read(file, "test.jpg")).Message;
}

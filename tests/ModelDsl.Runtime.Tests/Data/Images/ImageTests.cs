using ModelDsl.Images;

namespace ModelDsl.Runtime.Tests.Data.Images;

public sealed class ImageTests
{
    [Theory]
    [InlineData("rgb.png")]
    [InlineData("grey.png")]
    [InlineData("rgba.png")]
    [InlineData("palette.png")]
    [InlineData("bits.png")]
    [InlineData("deep.png")]
    [InlineData("rgb.bmp")]
    [InlineData("palette.bmp")]
    [InlineData("bits.bmp")]
    public void Files_of_another_program_are_read_as_it_reads_them(string name)
    {
        var (file, expected) = PictureVectors.FileOf(name);
        var image = Image.Read(file, name).WithChannels(expected.Channels);

        Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
        Assert.Equal(expected.Pixels.ToArray(), image.Pixels.ToArray());
    }

    [Fact]
    public void Sizes_are_those_of_PyTorch_and_of_the_definition_of_area()
    {
        foreach (var test in PictureVectors.Of("resize"))
        {
            var (source, (height, width)) = (Source(test), (test.Ints("to")[0], test.Ints("to")[1]));
            var resized = source.Resize(width, height, Enum.Parse<Resampling>(test.Text("method"))).Pixels.ToArray();
            var expected = test.GetProperty("result").EnumerateArray().Select(value => value.GetDouble()).ToArray();

            Assert.Equal(expected.Length, resized.Length);
            // Rounded to the nearest byte; the rest is the rounding of floats.
            for (var i = 0; i < expected.Length; i++)
                Assert.InRange(resized[i] - expected[i], -0.501, 0.501);
        }
    }

    [Fact]
    public void Cutting_off_takes_the_middle_as_Pillow_does()
    {
        foreach (var test in PictureVectors.Of("crop"))
        {
            var resized = Source(test).Resize(test.Ints("to")[1], test.Ints("to")[0], fit: ImageFit.Crop).Pixels.ToArray();
            var expected = test.Bytes("result");

            // Pillow rounds between rows and columns.
            for (var i = 0; i < expected.Length; i++)
                Assert.InRange(resized[i] - expected[i], -1, 1);
        }
    }

    [Theory]
    [InlineData(10, 5, 0, 1, 4, 2)]
    [InlineData(5, 10, 1, 0, 2, 4)]
    [InlineData(8, 8, 0, 0, 4, 4)]
    public void Padding_shows_all_in_the_middle(int width, int height, int left, int top, int shownWidth, int shownHeight)
    {
        var image = new Image(width, height, 1);
        image.Pixels.Fill(200);
        var padded = image.Resize(4, 4, fit: ImageFit.Pad);

        for (var y = 0; y < 4; y++)
        {
            for (var x = 0; x < 4; x++)
            {
                var shown = x >= left && x < left + shownWidth && y >= top && y < top + shownHeight;
                Assert.Equal(shown ? 200 : 0, padded[x, y][0]);
            }
        }
    }

    [Fact]
    public void A_very_long_picture_is_resized_in_little_memory()
    {
        var image = new Image(1, 1 << 20, 3);
        image.Pixels.Fill(77);
        _ = image.Resize(150, 150);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var resized = image.Resize(150, 150);

        Assert.All(resized.Pixels.ToArray(), value => Assert.Equal(77, value));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20);
    }

    [Fact]
    public void Channels_are_converted_with_the_luma_of_television()
    {
        var image = new Image(2, 1, 4);
        ((ReadOnlySpan<byte>)[255, 0, 0, 10, 10, 200, 90, 20]).CopyTo(image.Pixels);

        Assert.Equal([76, 131], image.WithChannels(1).Pixels.ToArray());
        Assert.Equal([76, 10, 131, 20], image.WithChannels(2).Pixels.ToArray());
        Assert.Equal([255, 0, 0, 10, 200, 90], image.WithChannels(3).Pixels.ToArray());
        Assert.Equal([76, 76, 76, 255, 131, 131, 131, 255], image.WithChannels(1).WithChannels(4).Pixels.ToArray());
        Assert.Equal([76, 76, 76, 131, 131, 131], image.WithChannels(2).WithChannels(3).Pixels.ToArray());
        Assert.Equal(image.Pixels.ToArray(), image.WithChannels(4).Pixels.ToArray());
    }

    [Fact]
    public void What_is_no_picture_is_said_with_its_name()
    {
        Assert.Contains("is empty", Rejected([]), StringComparison.Ordinal);
        Assert.Contains("starts with 47494638", Rejected("GIF89a"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("PNG, BMP, JPEG", Rejected([1]), StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Image.Read(Path.Combine(AppContext.BaseDirectory, "no such file.png")));
    }

    [Fact]
    public void Limits_hold_before_anything_is_decoded()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("large.png", new Image(100, 50, 3).ToPng());

        Assert.Contains("100 × 50 pixels; at most 4,999", Rejected(path, new ImageReadOptions { MostPixels = 4999 }), StringComparison.Ordinal);
        Assert.Contains("at most 20", Rejected(path, new ImageReadOptions { MostBytes = 20 }), StringComparison.Ordinal);
        Assert.Equal(100, Image.Read(path, new ImageReadOptions { MostPixels = 5000 }).Width);
    }

    [Fact]
    public void Sizes_that_cannot_be_are_rejected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(0, 1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(1, 1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(1 << 20, 1 << 20, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(4, 4, 1)[4, 0].Length);
    }

    private static Image Source(System.Text.Json.JsonElement test)
    {
        var image = new Image(test.Ints("from")[1], test.Ints("from")[0], test.Ints("from")[2]);
        test.Bytes("source").CopyTo(image.Pixels);
        return image;
    }

    private static string Rejected(byte[] file) => Assert.Throws<InvalidDataException>(() => Image.Read(file, "test")).Message;

    private static string Rejected(string path, ImageReadOptions options) => Assert.Throws<InvalidDataException>(() => Image.Read(path, options)).Message;
}

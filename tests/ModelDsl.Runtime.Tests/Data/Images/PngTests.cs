using ModelDsl.Images;

namespace ModelDsl.Runtime.Tests.Data.Images;

public sealed class PngTests
{
    public static TheoryData<int, int, bool> Kinds()
    {
        var kinds = new TheoryData<int, int, bool>();
        foreach (var (color, depths) in new (int, int[])[] { (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (4, [8, 16]), (6, [8, 16]) })
        {
            foreach (var depth in depths)
            {
                kinds.Add(color, depth, false);
                kinds.Add(color, depth, true);
            }
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_colour_type_and_depth_is_read_with_every_filter(int color, int depth, bool interlaced)
    {
        foreach (var (width, height) in new[] { (1, 1), (3, 2), (5, 7), (13, 11), (16, 8), (33, 9) })
        {
            for (var filter = 0; filter <= 5; filter++)
            {
                var same = filter;
                var writer = new PngBytes(width, height, color, depth) { Interlaced = interlaced, Filter = row => same < 5 ? same : row % 5, DataChunks = 1 + filter };
                var samples = Samples(width * height * writer.Samples, depth, seed: filter);
                var image = Image.Read(writer.File(samples), "test.png");

                Assert.Equal((width, height, writer.Samples), (image.Width, image.Height, image.Channels));
                Assert.Equal(samples.Select(value => InBytes(value, depth)), image.Pixels.ToArray());
            }
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(4, false)]
    [InlineData(8, true)]
    public void Palettes_are_looked_up_with_their_transparency(int depth, bool interlaced)
    {
        var entries = (1 << depth) - (depth > 1 ? 1 : 0);
        var palette = new byte[3 * entries];
        new Random(depth).NextBytes(palette);
        var samples = Samples(13 * 9, depth, seed: 1).Select(value => (ushort)(value % entries)).ToArray();

        var opaque = Image.Read(new PngBytes(13, 9, 3, depth) { Palette = palette, Interlaced = interlaced }.File(samples), "test.png");
        Assert.Equal(3, opaque.Channels);
        Assert.Equal(samples.SelectMany(index => palette[(3 * index)..((3 * index) + 3)]), opaque.Pixels.ToArray());

        // The chunk may be shorter than the palette: the rest is opaque.
        var transparent = Image.Read(new PngBytes(13, 9, 3, depth) { Palette = palette, Transparency = [7] }.File(samples), "test.png");
        Assert.Equal(4, transparent.Channels);
        Assert.Equal(
            samples.SelectMany(index => (byte[])[.. palette[(3 * index)..((3 * index) + 3)], index == 0 ? (byte)7 : (byte)255]), transparent.Pixels.ToArray());
    }

    [Fact]
    public void One_colour_may_be_transparent_compared_in_its_full_depth()
    {
        var grey = Image.Read(new PngBytes(3, 1, 0, 16) { Transparency = [0x12, 0x34] }.File([0x1234, 0x1235, 0xFFFF]), "test.png");
        Assert.Equal([0x12, 0, 0x12, 255, 255, 255], grey.Pixels.ToArray());

        var colours = Image.Read(new PngBytes(2, 1, 2, 8) { Transparency = [0, 1, 0, 2, 0, 3] }.File([1, 2, 3, 1, 2, 4]), "test.png");
        Assert.Equal([1, 2, 3, 0, 1, 2, 4, 255], colours.Pixels.ToArray());
    }

    [Fact]
    public void No_cut_of_a_file_is_a_picture()
    {
        var file = new PngBytes(9, 5, 2, 8) { DataChunks = 3, Filter = row => row % 5 }.File(Samples(9 * 5 * 3, 8, seed: 2));
        for (var length = 0; length < file.Length; length++)
            Assert.StartsWith("test.png: ", Rejected(file[..length]), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_flipped_bit_is_found_or_harmless()
    {
        var writer = new PngBytes(6, 5, 6, 8) { Interlaced = true, DataChunks = 2, Filter = row => row % 5 };
        var file = writer.File(Samples(6 * 5 * 4, 8, seed: 3));
        var right = Image.Read(file, "test.png").Pixels.ToArray();
        for (var bit = 0; bit < 8 * file.Length; bit++)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                // Comments are skipped unread.
                Assert.Equal(right, Image.Read(damaged, "test.png").Pixels.ToArray());
            }
            catch (InvalidDataException exception)
            {
                Assert.StartsWith("test.png: ", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Random_files_with_right_checksums_give_clear_errors_or_pictures()
    {
        var random = new Random(4);
        for (var i = 0; i < 3000; i++)
        {
            byte[] header = PngBytes.Header(random.Next(-1, 9), random.Next(-1, 9), random.Next(17), random.Next(8), random.Next(3));
            var (palette, transparency, data) = (new byte[random.Next(13)], new byte[random.Next(8)], new byte[random.Next(200)]);
            random.NextBytes(palette);
            random.NextBytes(transparency);
            random.NextBytes(data);
            byte[] file =
            [
                .. PngBytes.Signature, .. PngBytes.Chunk("IHDR", header), .. random.Next(2) == 0 ? PngBytes.Chunk("PLTE", palette) : [],
                .. random.Next(2) == 0 ? PngBytes.Chunk("tRNS", transparency) : [], .. PngBytes.Chunk("IDAT", PngBytes.Zlib(data)), .. PngBytes.Chunk("IEND", []),
            ];
            try
            {
                _ = Image.Read(file, "test.png");
            }
            catch (InvalidDataException exception)
            {
                Assert.StartsWith("test.png: ", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("IHDR", "checksum of its chunk IHDR")]
    [InlineData("PLTE", "checksum of its chunk PLTE")]
    [InlineData("tRNS", "checksum of its chunk tRNS")]
    [InlineData("IDAT", "checksum of its chunk IDAT")]
    public void A_wrong_checksum_names_its_chunk(string chunk, string reason)
    {
        var file = new PngBytes(4, 4, 3, 2) { Palette = [1, 2, 3, 4, 5, 6], Transparency = [9] }.File(new ushort[16]);
        var at = file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(chunk));
        file[at + 4] ^= 1;

        Assert.Contains(reason, Rejected(file), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_belong_together_is_said()
    {
        var data = PngBytes.Chunk("IDAT", PngBytes.Zlib(new byte[2 * 3]));
        var end = PngBytes.Chunk("IEND", []);
        var grey = PngBytes.Chunk("IHDR", PngBytes.Header(2, 2, 8, 0, 0));

        Assert.Contains("palette (PLTE) is missing", Rejected(PngBytes.Chunk("IHDR", PngBytes.Header(2, 2, 8, 3, 0)), data, end), StringComparison.Ordinal);
        Assert.Contains("where none may be", Rejected(grey, PngBytes.Chunk("PLTE", new byte[3]), data, end), StringComparison.Ordinal);
        Assert.Contains("unknown chunk 'ABCD'", Rejected(grey, PngBytes.Chunk("ABCD", []), data, end), StringComparison.Ordinal);
        Assert.Contains("interrupted", Rejected(grey, data, PngBytes.Chunk("tEXt", []), data, end), StringComparison.Ordinal);
        Assert.Contains("no pixel data", Rejected(grey, end), StringComparison.Ordinal);
        Assert.Contains("IHDR", Rejected(data, end), StringComparison.Ordinal);
        Assert.Contains("more pixel data", Rejected(grey, PngBytes.Chunk("IDAT", PngBytes.Zlib(new byte[7])), end), StringComparison.Ordinal);
        Assert.Contains("ends before the last row", Rejected(grey, PngBytes.Chunk("IDAT", PngBytes.Zlib(new byte[5])), end), StringComparison.Ordinal);
        Assert.Contains("filter 9", Rejected(grey, PngBytes.Chunk("IDAT", PngBytes.Zlib([9, 0, 0, 0, 0, 0])), end), StringComparison.Ordinal);
        Assert.Contains("colour type 2 with 4 bits", Rejected(PngBytes.Chunk("IHDR", PngBytes.Header(2, 2, 4, 2, 0)), data, end), StringComparison.Ordinal);
        Assert.Contains(
            "colour 3 of a palette with 2",
            Rejected(new PngBytes(1, 1, 3, 2) { Palette = [1, 2, 3, 4, 5, 6] }.File([3])), StringComparison.Ordinal);
        _ = Image.Read((byte[])[.. PngBytes.Signature, .. grey, .. data, .. end], "test.png");
    }

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue, "cannot hold")]
    [InlineData(int.MaxValue, 1, "cannot hold")]
    [InlineData(1, int.MaxValue, "cannot hold")]
    [InlineData(60_000, 60_000, "cannot hold")]
    [InlineData(30_000, 30_000, "at most 67,108,864")]
    [InlineData(1, 2_000_000, "a side may have")]
    [InlineData(0, 5, "0 × 5")]
    [InlineData(5, 0, "5 × 0")]
    public void A_header_that_promises_much_allocates_little(int width, int height, string reason)
    {
        // Enough data for the headers that a file of this size could make good.
        var data = reason == "cannot hold" ? new byte[100] : new byte[4_000_000];
        byte[] file =
        [
            .. PngBytes.Signature, .. PngBytes.Chunk("IHDR", PngBytes.Header(width, height, 8, 0, 0)), .. PngBytes.Chunk("IDAT", data), .. PngBytes.Chunk("IEND", []),
        ];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains(reason, Rejected(file), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_file_that_inflates_beyond_its_header_is_not_inflated()
    {
        var bomb = PngBytes.Zlib(new byte[64 << 20]);
        byte[] file =
            [.. PngBytes.Signature, .. PngBytes.Chunk("IHDR", PngBytes.Header(10, 10, 8, 0, 0)), .. PngBytes.Chunk("IDAT", bomb), .. PngBytes.Chunk("IEND", [])];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("more pixel data", Rejected(file), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_written_is_read_again(int channels)
    {
        foreach (var (width, height) in new[] { (1, 1), (7, 3), (64, 50) })
        {
            var image = new Image(width, height, channels);
            for (var i = 0; i < image.Pixels.Length; i++)
                image.Pixels[i] = (byte)((i * i / 50) + (i % 7));
            var again = Image.Read(image.ToPng(), "test.png");

            Assert.Equal((width, height, channels), (again.Width, again.Height, again.Channels));
            Assert.Equal(image.Pixels.ToArray(), again.Pixels.ToArray());
        }
    }

    [Fact]
    public void Smooth_pictures_are_written_small()
    {
        var image = new Image(200, 200, 3);
        for (var i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)((i / 600) + (i % 600 / 3));

        Assert.True(image.ToPng().Length < image.Pixels.Length / 50);
    }

    private static ushort[] Samples(int count, int depth, int seed)
    {
        var random = new Random((depth * 10) + seed);
        return [.. Enumerable.Range(0, count).Select(_ => (ushort)random.Next(1 << depth))];
    }

    private static byte InBytes(int value, int depth) => (byte)Math.Round(value * 255.0 / ((1 << depth) - 1), MidpointRounding.AwayFromZero);

    private static string Rejected(params byte[][] chunks) => Rejected([.. PngBytes.Signature, .. chunks.SelectMany(chunk => chunk)]);

    private static string Rejected(byte[] file) => Assert.Throws<InvalidDataException>(() => Image.Read(file, "test.png")).Message;
}

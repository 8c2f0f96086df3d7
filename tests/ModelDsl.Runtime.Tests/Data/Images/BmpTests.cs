using System.Buffers.Binary;
using ModelDsl.Images;

namespace ModelDsl.Runtime.Tests.Data.Images;

public sealed class BmpTests
{
    private static readonly byte[] FourColours = [1, 2, 3, 0, 11, 12, 13, 0, 21, 22, 23, 0, 31, 32, 33, 0];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_of_24_bits_are_read_from_the_bottom_or_the_top(bool topDown)
    {
        // Two rows of three pixels, blue, green, red, filled up to 12 bytes.
        byte[] pixels = [3, 2, 1, 6, 5, 4, 9, 8, 7, 0, 0, 0, 13, 12, 11, 16, 15, 14, 19, 18, 17, 0, 0, 0];
        byte[] first = [1, 2, 3, 4, 5, 6, 7, 8, 9], second = [11, 12, 13, 14, 15, 16, 17, 18, 19];

        Assert.Equal(topDown ? [.. first, .. second] : [.. second, .. first], Pixels(File(3, topDown ? -2 : 2, 24, 0, [], pixels)));
    }

    [Theory]
    [InlineData(1, new byte[] { 0b0110_0000, 0, 0, 0 }, new[] { 0, 1, 1, 0, 0 })]
    [InlineData(4, new byte[] { 0x01, 0x23, 0x30, 0 }, new[] { 0, 1, 2, 3, 3 })]
    [InlineData(8, new byte[] { 3, 2, 1, 0, 3, 0, 0, 0 }, new[] { 3, 2, 1, 0, 3 })]
    public void Numbers_of_colours_are_looked_up(int bits, byte[] row, int[] expected)
    {
        byte[] colours = bits == 1 ? FourColours[..8] : FourColours;

        Assert.Equal(expected.SelectMany(Colour), Pixels(File(5, 1, bits, 0, colours, row, used: colours.Length / 4)));
    }

    [Fact]
    public void The_old_header_has_colours_of_three_bytes()
    {
        byte[] file = [(byte)'B', (byte)'M', 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 12, 0, 0, 0, 2, 0, 1, 0, 1, 0, 1, 0, 1, 2, 3, 11, 12, 13, 0b1000_0000, 0, 0, 0];

        Assert.Equal([13, 12, 11, 3, 2, 1], Pixels(file));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void The_old_header_without_pixels_is_rejected(byte width, byte height) => Assert.Contains(
        $"{width} × {height}",
        Rejected([(byte)'B', (byte)'M', 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 12, 0, 0, 0, width, 0, height, 0, 1, 0, 1, 0, 1, 2, 3, 11, 12, 13, 0, 0, 0, 0]),
        StringComparison.Ordinal);

    [Fact]
    public void Pixels_of_16_bits_have_5_bits_per_colour()
    {
        // Red 31, green 16, blue 1 of 31.
        Assert.Equal([255, 132, 8], Pixels(File(1, 1, 16, 0, [], [0b000_00001, 0b0_11111_10, 0, 0])));
    }

    [Fact]
    public void Masks_say_where_the_colours_lie()
    {
        byte[] masks565 = [0x00, 0xF8, 0, 0, 0xE0, 0x07, 0, 0, 0x1F, 0, 0, 0], masksRgb = [0xFF, 0, 0, 0, 0, 0xFF, 0, 0, 0, 0, 0xFF, 0];

        Assert.Equal([255, 130, 0], Pixels(File(1, 1, 16, 3, masks565, [0b000_00000, 0b11111_100, 0, 0])));
        Assert.Equal([1, 2, 3], Pixels(File(1, 1, 32, 3, masksRgb, [1, 2, 3, 99])));
        Assert.Equal([3, 2, 1], Pixels(File(1, 1, 32, 0, [], [1, 2, 3, 99])));
        Assert.Contains("no single run", Rejected(File(1, 1, 32, 3, [0xFD, 0, 0, 0, 0, 0xFF, 0, 0, 0, 0, 0xFF, 0], [1, 2, 3, 99])), StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_of_8_bits_with_jumps_and_single_colours_are_read()
    {
        // Bottom row: two of colour 1, three single ones. Upper row: a jump over one pixel, one of colour 3.
        byte[] data = [2, 1, 0, 3, 3, 2, 1, 0, 0, 0, 0, 2, 1, 0, 1, 3, 0, 1];

        Assert.Equal(new[] { 0, 3, 0, 0, 0, 1, 1, 3, 2, 1 }.SelectMany(Colour), Pixels(File(5, 2, 8, 1, FourColours, data, used: 4)));
    }

    [Fact]
    public void Runs_of_4_bits_alternate_between_two_colours()
    {
        byte[] data = [3, 0x12, 0, 3, 0x32, 0x10, 0, 1];

        Assert.Equal(new[] { 1, 2, 1, 3, 2, 1 }.SelectMany(Colour), Pixels(File(6, 1, 4, 2, FourColours, data, used: 4)));
    }

    [Theory]
    [InlineData(new byte[] { 9, 1, 0, 1 }, "leaves the picture")]
    [InlineData(new byte[] { 0, 2, 200, 200, 1, 1, 0, 1 }, "leaves the picture")]
    [InlineData(new byte[] { 2, 1 }, "ends too early")]
    [InlineData(new byte[] { 0, 5, 1 }, "ends too early")]
    [InlineData(new byte[] { 1, 9, 0, 1 }, "colour 9 of a palette with 4")]
    public void Damaged_runs_are_rejected(byte[] data, string reason) =>
        Assert.Contains(reason, Rejected(File(5, 2, 8, 1, FourColours, data, used: 4)), StringComparison.Ordinal);

    [Fact]
    public void No_cut_of_a_file_is_a_picture()
    {
        var file = File(3, 2, 8, 0, FourColours, [0, 1, 2, 0, 3, 2, 1, 0], used: 4);
        _ = Pixels(file);
        for (var length = 0; length < file.Length; length++)
            Assert.StartsWith("test.bmp: ", Rejected(file[..length]), StringComparison.Ordinal);
    }

    [Fact]
    public void Random_damage_gives_clear_errors_or_pictures()
    {
        var random = new Random(5);
        var (plain, runs) = (File(3, 2, 8, 0, FourColours, [0, 1, 2, 0, 3, 2, 1, 0], used: 4), File(3, 1, 4, 2, FourColours, [3, 0x12, 0, 1], used: 4));
        for (var i = 0; i < 5000; i++)
        {
            byte[] damaged = [.. i % 2 == 0 ? plain : runs];
            for (var k = 0; k < 2; k++)
                damaged[2 + random.Next(damaged.Length - 2)] = (byte)random.Next(256);
            try
            {
                _ = Image.Read(damaged, "test.bmp", new ImageReadOptions { MostPixels = 1 << 20 });
            }
            catch (InvalidDataException exception)
            {
                Assert.StartsWith("test.bmp: ", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue, 24, 0, "need")]
    [InlineData(int.MaxValue, int.MinValue, 24, 0, "the header says")]
    [InlineData(60_000, 60_000, 8, 1, "at most 67,108,864")]
    [InlineData(2, 2, 24, 4, "compression 4")]
    [InlineData(2, 2, 7, 0, "7 bits")]
    [InlineData(0, 5, 24, 0, "the header says 0 × 5")]
    [InlineData(5, 0, 24, 0, "the header says 5 × 0")]
    public void Hostile_headers_allocate_little(int width, int height, int bits, int compression, string reason)
    {
        var file = File(width, height, bits, compression, FourColours, [0, 1], used: 4);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains(reason, Rejected(file), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    /// <summary>A file with the header of 40 bytes; what follows it (masks or colours), and pixels.</summary>
    internal static byte[] File(int width, int height, int bits, int compression, byte[] after, byte[] pixels, int used = 0)
    {
        var header = new byte[54];
        "BM"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(10), 54 + after.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(28), (short)bits);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(30), compression);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(46), used);
        return [.. header, .. after, .. pixels];
    }

    private static byte[] Colour(int index) => [FourColours[(4 * index) + 2], FourColours[(4 * index) + 1], FourColours[4 * index]];

    private static byte[] Pixels(byte[] file) => Image.Read(file, "test.bmp").Pixels.ToArray();

    private static string Rejected(byte[] file) => Assert.Throws<InvalidDataException>(() => Image.Read(file, "test.bmp")).Message;
}

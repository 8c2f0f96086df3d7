using System.IO.Compression;

namespace ModelDsl.Runtime.Tests.Data;

public sealed class IdxFileTests
{
    private static readonly byte[] TwoImages = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255];
    private static readonly byte[] TwoLabels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 3];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_are_read_plain_and_compressed(bool compressed)
    {
        var file = Read(compressed ? Gzip(TwoImages) : TwoImages);

        Assert.Equal([2, 2, 3], file.Dimensions);
        Assert.Equal([2, 3], file.SampleShape);
        Assert.Equal(2, file.Count);
        Assert.Equal(TwoImages[16..], file.Data.ToArray());
    }

    [Fact]
    public void Data_larger_than_a_chunk_is_read_whole()
    {
        var big = new byte[8 + 3_000_000];
        new byte[] { 0, 0, 8, 1, 0, 0x2D, 0xC6, 0xC0 }.CopyTo(big, 0);
        for (var i = 8; i < big.Length; i++)
            big[i] = (byte)(i * 31);

        Assert.Equal(big[8..], Read(Gzip(big)).Data.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(16)]
    [InlineData(27)]
    public void A_file_cut_short_is_rejected(int length)
    {
        Assert.Contains("test.idx", Rejected(TwoImages[..length]), StringComparison.Ordinal);
        Assert.Contains("ends", Rejected(Gzip(TwoImages[..length])), StringComparison.Ordinal);
    }

    [Fact]
    public void No_cut_of_the_compressed_bytes_gives_wrong_data()
    {
        var zipped = Gzip(TwoImages);
        for (var length = 2; length < zipped.Length; length++)
        {
            try
            {
                // All data may have arrived although the trailer is missing.
                Assert.Equal(TwoImages[16..], Read(zipped[..length]).Data.ToArray());
            }
            catch (InvalidDataException exception)
            {
                Assert.StartsWith("test.idx", exception.Message, StringComparison.Ordinal);
            }
        }

        Assert.Contains("test.idx", Rejected(zipped[..(zipped.Length / 2)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_beyond_the_promised_ones_are_rejected() =>
        Assert.Contains("more bytes than", Rejected([.. TwoImages, 0]), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 1, "not an IDX file")]
    [InlineData(2, 0x0D, "type 0x0D")]
    [InlineData(3, 0, "0 dimensions")]
    [InlineData(3, 200, "200 dimensions")]
    [InlineData(8, 0x80, "impossible size")]
    [InlineData(11, 0, "impossible size")]
    [InlineData(8, 0x7F, "cannot hold")]
    public void A_wrong_header_is_rejected_with_the_reason(int position, byte value, string reason)
    {
        byte[] damaged = [.. TwoImages];
        damaged[position] = value;

        Assert.Contains(reason, Rejected(damaged), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_header_that_promises_gigabytes_allocates_little(bool compressed)
    {
        byte[] hostile = [0, 0, 8, 3, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0x7F, 0xFF, 0, 0, 0x7F, 0xFF, 1, 2, 3];
        var bytes = compressed ? Gzip(hostile) : hostile;
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Rejected(bytes);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20);
    }

    [Theory]
    [InlineData(new byte[] { 0x00, 0x01, 0x00, 0x00 }, new byte[] { 0x00, 0x01, 0x00, 0x01 })]
    [InlineData(new byte[] { 0x7F, 0xFF, 0xFF, 0xFF }, new byte[] { 0x7F, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x00, 0x00, 0x43, 0x21 }, new byte[] { 0x00, 0x00, 0x43, 0x21 })]
    public void Samples_of_a_file_without_any_cannot_be_larger_than_memory(byte[] height, byte[] width)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("empty", [0, 0, 8, 3, 0, 0, 0, 0, .. height, .. width]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Record.Exception(() => Dataset.FromIdx(path).Batches(64).ToList());

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        Assert.StartsWith(path, Assert.IsType<InvalidDataException>(exception).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_samples_is_data_without_samples()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(Dataset.FromIdx(folder.Write("empty", [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28])).Batches(64));
    }

    [Fact]
    public void Random_damage_gives_clear_errors_or_data_but_no_other_exception()
    {
        var random = new Random(1);
        var zipped = Gzip(TwoImages);
        for (var i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. i % 2 == 0 ? TwoImages : zipped];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                _ = Read(damaged);
            }
            catch (InvalidDataException exception)
            {
                Assert.StartsWith("test.idx", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Images_and_labels_make_a_dataset()
    {
        using var folder = new TemporaryFolder();
        var data = Dataset.FromIdx(folder.Write("images", Gzip(TwoImages)), folder.Write("labels", TwoLabels), scale: 1f / 255);
        var batch = Assert.Single(data.Batches(2));

        Assert.Equal([2, 3], data.Columns[0].Shape);
        Assert.Equal(TwoImages[16..].Select(value => value * (1f / 255)), batch.Floats(0).ToArray());
        Assert.Equal([7, 3], batch.Ints(1).ToArray());
        Assert.Equal("'input' (float × 6)", ColumnCheck.Describe(Dataset.FromIdx(Path.Combine(folder.Path, "images")).Columns));
    }

    [Fact]
    public void Swapped_files_and_different_counts_are_named()
    {
        using var folder = new TemporaryFolder();
        var (images, labels) = (folder.Write("images", TwoImages), folder.Write("labels", TwoLabels));
        var three = folder.Write("three", [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]);

        Assert.Contains("swapped", Assert.Throws<InvalidDataException>(() => Dataset.FromIdx(labels, images)).Message, StringComparison.Ordinal);
        Assert.Contains("2 samples", Assert.Throws<InvalidDataException>(() => Dataset.FromIdx(images, three)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Dataset.FromIdx(images + "?", labels));
    }

    private static IdxFile Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return IdxFile.Read(stream, "test.idx");
    }

    private static string Rejected(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Read(bytes)).Message;

    private static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return stream.ToArray();
    }
}

using System.Formats.Tar;
using System.IO.Compression;
using ModelDsl.Images;

namespace ModelDsl.Runtime.Tests.Data.Images;

public sealed class Cifar10Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Planes_become_pixels(bool compressed)
    {
        var records = Records(3, 0, 9);
        var file = folder.Write("batch.bin", compressed ? Gzip(records) : records);
        var data = Cifar10.Read([file]);
        var batch = Assert.Single(data.Batches(3));

        Assert.Equal([32, 32, 3], data.Columns[0].Shape);
        Assert.Equal([3, 0, 9], batch.Ints(1).ToArray());
        foreach (var (n, y, x, c) in new[] { (0, 0, 0, 0), (0, 5, 7, 1), (1, 31, 31, 2), (1, 0, 31, 0) })
            Assert.Equal(records[(n * 3073) + 1 + (c * 1024) + (y * 32) + x] / 255f, batch.Floats(0)[(((((n * 32) + y) * 32) + x) * 3) + c], 6);
    }

    [Fact]
    public void Files_are_put_together_in_their_order()
    {
        var data = Cifar10.Read([folder.Write("1", Records(1, 2)), folder.Write("2", Gzip(Records(3)))]);

        Assert.Equal([1, 2, 3], data.Batches(8).Single().Ints(1).ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3072)]
    [InlineData(3074)]
    [InlineData(6145)]
    public void A_wrong_size_is_rejected(int length)
    {
        var bytes = Records(1, 2)[..length];
        Assert.Contains("bytes into record", Rejected(bytes), StringComparison.Ordinal);
        Assert.Contains("bytes into record", Rejected(Gzip(bytes)), StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_files_other_labels_and_damage_are_rejected_by_name()
    {
        Assert.Contains("ends 0 bytes into record 0", Rejected([]), StringComparison.Ordinal);
        Assert.Contains("record 1 has the label 10", Rejected(Records(9, 10)), StringComparison.Ordinal);
        var zipped = Gzip(Records(1, 2, 3));
        for (var length = 2; length < zipped.Length - 8; length += 61)
            Assert.Contains("batch.bin", Rejected(zipped[..length]), StringComparison.Ordinal);
        zipped[zipped.Length / 2] ^= 255;
        Assert.Contains("batch.bin", Rejected(zipped), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_gives_training_and_test_pictures()
    {
        folder.Write("cifar-10-batches-bin/data_batch_1.bin", Records(1));
        folder.Write("cifar-10-batches-bin/data_batch_3.bin.gz", Gzip(Records(3)));
        folder.Write("cifar-10-batches-bin/test_batch.bin", Records(7, 8));
        var (train, test) = Cifar10.Load(folder.Path);

        Assert.Equal([1, 3], train.Batches(8).Single().Ints(1).ToArray());
        Assert.Equal([7, 8], test.Batches(8).Single().Ints(1).ToArray());
    }

    [Fact]
    public void The_archive_is_read_as_it_is_distributed()
    {
        folder.Write("cifar-10-binary.tar.gz", Archive(("cifar-10-batches-bin/data_batch_1.bin", Records(4, 5)), ("cifar-10-batches-bin/test_batch.bin", Records(6)),
            ("cifar-10-batches-bin/readme.html", [1, 2, 3])));
        var (train, test) = Cifar10.Load(folder.Path);

        Assert.Equal([4, 5], train.Batches(8).Single().Ints(1).ToArray());
        Assert.Equal([6], test.Batches(8).Single().Ints(1).ToArray());
    }

    [Fact]
    public void Damaged_archives_and_missing_files_are_named()
    {
        Assert.Contains("neither data_batch_1.bin", Assert.Throws<FileNotFoundException>(() => Cifar10.Load(folder.Path)).Message, StringComparison.Ordinal);
        var whole = Archive(("data_batch_1.bin", Records(4)), ("test_batch.bin", Records(6)));
        foreach (var length in new[] { 5, 40, whole.Length / 2, whole.Length - 30 })
        {
            folder.Write("cifar-10-binary.tar.gz", whole[..length]);
            Assert.Contains("cifar-10-binary.tar.gz", Assert.Throws<InvalidDataException>(() => Cifar10.Load(folder.Path)).Message, StringComparison.Ordinal);
        }

        folder.Write("cifar-10-binary.tar.gz", Archive(("data_batch_1.bin", Records(4))));
        Assert.Contains("no test_batch.bin", Assert.Throws<InvalidDataException>(() => Cifar10.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static byte[] Records(params byte[] labels)
    {
        var bytes = new byte[labels.Length * 3073];
        new Random(1).NextBytes(bytes);
        for (var i = 0; i < labels.Length; i++)
            bytes[i * 3073] = labels[i];
        return bytes;
    }

    private static byte[] Archive(params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (name, content) in files)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }

        return stream.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return stream.ToArray();
    }

    private string Rejected(byte[] bytes)
    {
        var file = folder.Write("batch.bin", bytes);
        return Assert.Throws<InvalidDataException>(() => Cifar10.Read([file])).Message;
    }
}

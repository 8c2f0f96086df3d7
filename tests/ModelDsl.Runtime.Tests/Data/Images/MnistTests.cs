using System.IO.Compression;
using ModelDsl.Images;

namespace ModelDsl.Runtime.Tests.Data.Images;

public sealed class MnistTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_gives_training_and_test_digits()
    {
        folder.Write("train-images-idx3-ubyte", Digits(10, 20, 30));
        folder.Write("train-labels-idx1-ubyte", Labels(1, 2, 3));
        folder.Write("t10k-images-idx3-ubyte.gz", Gzip(Digits(40, 50)));
        folder.Write("t10k-labels-idx1-ubyte.gz", Gzip(Labels(4, 5)));
        var (train, test) = Mnist.Load(folder.Path);

        Assert.Equal([28, 28], train.Columns[0].Shape);
        Assert.Equal([1, 2, 3], train.Batches(8).Single().Ints(1).ToArray());
        Assert.Equal([4, 5], test.Batches(8).Single().Ints(1).ToArray());
        Assert.Equal(50 / 255f, test.Batches(8).Single().Floats(0)[^1], 6);
    }

    [Fact]
    public void The_test_files_alone_are_divided()
    {
        folder.Write("t10k-images-idx3-ubyte", Digits(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        folder.Write("t10k-labels-idx1-ubyte", Labels(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        var (train, test) = Mnist.Load(folder.Path);

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], train.Batches(16).Single().Ints(1).ToArray());
        Assert.Equal([8, 9], test.Batches(16).Single().Ints(1).ToArray());
    }

    [Fact]
    public void Without_labels_their_files_need_not_be_there()
    {
        folder.Write("t10k-images-idx3-ubyte", Digits(1, 2, 3, 4, 5));
        var (train, test) = Mnist.Load(folder.Path, labels: false, scale: 1);

        Assert.Equal((4, 1), (train.Count, test.Count));
        Assert.Equal(5, Assert.Single(test.Batches(1)).Floats(0)[0]);
        Assert.Single(train.Columns);
        Assert.Contains("t10k-labels-idx1-ubyte", Assert.Throws<FileNotFoundException>(() => Mnist.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_are_named_with_where_they_can_be_had()
    {
        folder.Write("train-images-idx3-ubyte", Digits(1));
        folder.Write("train-labels-idx1-ubyte", Labels(1));
        var message = Assert.Throws<FileNotFoundException>(() => Mnist.Load(folder.Path)).Message;

        Assert.StartsWith(folder.Path + ": ", message, StringComparison.Ordinal);
        Assert.Contains("t10k-images-idx3-ubyte", message, StringComparison.Ordinal);
        Assert.Contains("https://", message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Mnist.Load(Path.Combine(folder.Path, "nowhere")));
    }

    private static byte[] Digits(params byte[] values) =>
        [0, 0, 8, 3, 0, 0, 0, (byte)values.Length, 0, 0, 0, 28, 0, 0, 0, 28, .. values.SelectMany(value => Enumerable.Repeat(value, 784))];

    private static byte[] Labels(params byte[] labels) => [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels];

    private static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return stream.ToArray();
    }
}

using ModelDsl;

namespace Digits;

/// <summary>A folder with the files of MNIST, compressed or not.</summary>
internal sealed class MnistFolder(string path)
{
    /// <summary>What to do when the files are not there.</summary>
    public const string Help = """
        This sample needs the MNIST digits, four files in one folder (.gz or unpacked):

            train-images-idx3-ubyte.gz    train-labels-idx1-ubyte.gz    60,000 digits to train on
            t10k-images-idx3-ubyte.gz     t10k-labels-idx1-ubyte.gz     10,000 digits to test with

        They can be had from https://ossci-datasets.s3.amazonaws.com/mnist/ or https://github.com/fgnt/mnist.
        With only the two t10k files, the first 8,000 of them are for training and the last 2,000 for the test.

            dotnet run -c Release --project samples/Digits -- --data FOLDER
        """;

    /// <summary>Digits to train on and digits to test with, or null when the files are not there.</summary>
    public (Dataset Train, Dataset Test)? Load()
    {
        if (Load("t10k") is not { } test)
            return null;
        return Load("train") is { } train ? (train, test) : (test.Take(8_000), test.Skip(8_000));
    }

    private Dataset? Load(string part) =>
        Find($"{part}-images-idx3-ubyte") is { } images && Find($"{part}-labels-idx1-ubyte") is { } labels
            ? Dataset.FromIdx(images, labels)
            : null;

    private string? Find(string name)
    {
        string[] candidates = [Path.Combine(path, name), Path.Combine(path, name + ".gz")];
        return candidates.FirstOrDefault(File.Exists);
    }
}

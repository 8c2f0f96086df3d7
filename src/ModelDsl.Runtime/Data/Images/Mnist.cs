namespace ModelDsl.Images;

/// <summary>The MNIST data set: 70,000 handwritten digits of 28 × 28 gray pixels (LeCun, Cortes and Burges 1998), in IDX files.</summary>
public static class Mnist
{
    private const string TrainPart = "train", TestPart = "t10k";

    /// <summary>
    /// Reads the training and test digits of a folder: <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c> and
    /// <c>t10k-labels-idx1-ubyte</c>, plain or with <c>.gz</c>. If there are only the two <c>t10k</c> files, the first four fifths of them are for training and the rest is for
    /// testing.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="labels">Whether the data has labels; without labels their files are not needed.</param>
    /// <param name="scale">The factor of each pixel; 1/255, the default, gives values in [0, 1].</param>
    /// <returns>Images of the shape [28, 28], with labels if they are requested.</returns>
    /// <exception cref="FileNotFoundException">The files do not exist; the message says which are needed and where they can be downloaded.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message contains its name.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static (Dataset Train, Dataset Test) Load(string folder, bool labels = true, float scale = 1f / 255)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (Read(folder, TestPart, labels, scale) is not { } test)
            throw Missing(folder, labels);
        return Read(folder, TrainPart, labels, scale) is { } train ? (train, test) : test.SplitInOrder(0.8);
    }

    private static Dataset? Read(string folder, string part, bool labels, float scale)
    {
        if (Find(folder, Images(part)) is not { } images)
            return null;
        if (!labels)
            return Dataset.FromIdx(images, scale);
        return Find(folder, Labels(part)) is { } classes ? Dataset.FromIdx(images, classes, scale) : throw Missing(folder, labels);
    }

    private static string Images(string part) => $"{part}-images-idx3-ubyte";

    private static string Labels(string part) => $"{part}-labels-idx1-ubyte";

    private static string? Find(string folder, string name)
    {
        string[] candidates = [Path.Combine(folder, name), Path.Combine(folder, name + ".gz")];
        return candidates.FirstOrDefault(File.Exists);
    }

    private static FileNotFoundException Missing(string folder, bool labels)
    {
        string Row(string part, string what) => $"    {Images(part),-23}{(labels ? $"    {Labels(part),-23}" : "")}    {what}";
        return new FileNotFoundException(
            $"""
            {folder}: the files of MNIST are missing or incomplete. They are, plain or with .gz:

            {Row(TrainPart, "60,000 digits to train on")}
            {Row(TestPart, "10,000 digits to test with")}

            They can be downloaded from https://ossci-datasets.s3.amazonaws.com/mnist/ or https://github.com/fgnt/mnist.
            With the {TestPart} files alone, the first 8,000 of them are for training and the last 2,000 for testing.
            """,
            Path.Combine(folder, Images(TestPart)));
    }
}

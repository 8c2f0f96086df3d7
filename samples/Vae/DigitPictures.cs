using ModelDsl;
using ModelDsl.Compiled;
using ModelDsl.Images;

namespace Vae;

/// <summary>MNIST's digits as pictures, from a folder and into a file.</summary>
internal static class DigitPictures
{
    /// <summary>What to do when the files are not there.</summary>
    public const string Help = """
        This sample needs pictures of MNIST digits, one of these files in a folder (.gz or unpacked):

            train-images-idx3-ubyte.gz    60,000 digits
            t10k-images-idx3-ubyte.gz     10,000 digits

        They can be had from https://ossci-datasets.s3.amazonaws.com/mnist/ or https://github.com/fgnt/mnist.

            dotnet run -c Release --project samples/Vae -- --data FOLDER
        """;

    /// <summary>The digits without their labels, pixels between 0 and 1; null when the files are not there.</summary>
    /// <param name="folder">The folder.</param>
    public static Dataset? Load(string folder)
    {
        string[] names = ["train-images-idx3-ubyte", "t10k-images-idx3-ubyte"];
        var path = names.SelectMany(name => new[] { Path.Combine(folder, name), Path.Combine(folder, name + ".gz") }).FirstOrDefault(File.Exists);
        return path is null ? null : Dataset.FromIdx(path);
    }

    /// <summary>Writes digits on one sheet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pixels">28 × 28 numbers between 0 and 1 each.</param>
    /// <param name="columns">Digits side by side.</param>
    public static void Save(string path, ReadOnlySpan<float> pixels, int columns)
    {
        var batch = new Batch([new ColumnDescription("digit", ColumnType.Float, [28, 28])], pixels.Length / 784) { Count = pixels.Length / 784 };
        pixels.CopyTo(batch.Floats(0));
        ImageSheet.Of(batch, columns).SavePng(path);
    }
}

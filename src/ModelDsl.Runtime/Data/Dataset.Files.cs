using ModelDsl.Files;

namespace ModelDsl;

public abstract partial class Dataset
{
    /// <summary>Images and their labels from two files in the IDX format, that of MNIST; gzip is recognised.</summary>
    /// <param name="images">The file of images.</param>
    /// <param name="labels">The file of labels, one byte per image.</param>
    /// <param name="scale">What each pixel is multiplied by; 1/255, the default, gives [0, 1].</param>
    /// <exception cref="InvalidDataException">A file is no IDX file or damaged, or the numbers of images and labels differ.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Dataset FromIdx(string images, string labels, float scale = 1f / 255)
    {
        var (pixels, classes) = (IdxFile.Read(images), IdxFile.Read(labels));
        if (pixels.Dimensions.Count < 2)
            throw new InvalidDataException($"{images}: has one number per sample, as a file of labels does; are the two files swapped?");
        if (classes.Dimensions.Count != 1)
            throw new InvalidDataException($"{labels}: has {classes.Dimensions.Count} dimensions; labels have 1. Are the two files swapped?");
        if (pixels.Count != classes.Count)
            throw new InvalidDataException($"{images} has {pixels.Count} samples, but {labels} has {classes.Count}.");

        var ints = new int[classes.Count];
        for (var i = 0; i < ints.Length; i++)
            ints[i] = classes.Data.Span[i];
        return FromColumns(DataColumn.Bytes("input", pixels.Data, scale, [.. pixels.SampleShape]), DataColumn.Ints("label", ints));
    }

    /// <summary>Images without labels from a file in the IDX format, for a model whose target is its input; gzip is recognised.</summary>
    /// <param name="images">The file of images.</param>
    /// <param name="scale">What each pixel is multiplied by; 1/255, the default, gives [0, 1].</param>
    /// <exception cref="InvalidDataException">The file is no IDX file or damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Dataset FromIdx(string images, float scale = 1f / 255)
    {
        var pixels = IdxFile.Read(images);
        return FromColumns(DataColumn.Bytes("input", pixels.Data, scale, [.. pixels.SampleShape]));
    }

    /// <summary>Samples from a table in a text file: one row per sample, columns chosen by name.</summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <param name="options">Which columns are what; at least a label or a target.</param>
    /// <exception cref="InvalidDataException">A column is missing, a row has too few fields, or a field is not a number; the message says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Dataset FromCsv(string path, CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var reader = new StreamReader(InputFile.Open(path));
        return CsvTable.Read(reader, path, options);
    }

    /// <summary>Samples from a table that is read from anywhere; see the other overload.</summary>
    /// <param name="reader">Where the text comes from; it is not closed.</param>
    /// <param name="name">What messages shall call it.</param>
    /// <param name="options">Which columns are what; at least a label or a target.</param>
    /// <exception cref="InvalidDataException">A column is missing, a row has too few fields, or a field is not a number; the message says where.</exception>
    public static Dataset FromCsv(TextReader reader, string name, CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(options);
        return CsvTable.Read(reader, name, options);
    }
}

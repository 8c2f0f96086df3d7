using ModelDsl.Files;

namespace ModelDsl;

public abstract partial class Dataset
{
    /// <summary>Creates a dataset of images and labels from two files in the IDX format of MNIST; gzip is recognized.</summary>
    /// <param name="images">The file of images.</param>
    /// <param name="labels">The file of labels, one byte per image.</param>
    /// <param name="scale">The factor of each pixel; 1/255, the default, gives values in [0, 1].</param>
    /// <exception cref="InvalidDataException">A file is damaged or not an IDX file, or the numbers of images and labels differ.</exception>
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

    /// <summary>Creates a dataset of images without labels from a file in the IDX format, for a model whose target is its input; gzip is recognized.</summary>
    /// <param name="images">The file of images.</param>
    /// <param name="scale">The factor of each pixel; 1/255, the default, gives values in [0, 1].</param>
    /// <exception cref="InvalidDataException">The file is damaged or not an IDX file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Dataset FromIdx(string images, float scale = 1f / 255)
    {
        var pixels = IdxFile.Read(images);
        return FromColumns(DataColumn.Bytes("input", pixels.Data, scale, [.. pixels.SampleShape]));
    }

    /// <summary>Creates a dataset from a table in a text file, with one row per sample and columns selected by name.</summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <param name="options">The roles of the columns; at least a label or a target.</param>
    /// <exception cref="InvalidDataException">A column is missing, a row has too few fields, or a field is not a number; the message contains the file and line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Dataset FromCsv(string path, CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var reader = new StreamReader(InputFile.Open(path));
        return CsvTable.Read(reader, path, options);
    }

    /// <summary>Creates a dataset from a table that a reader provides, with one row per sample and columns selected by name.</summary>
    /// <param name="reader">The reader of the text, which is not closed.</param>
    /// <param name="name">The name of the table in error messages.</param>
    /// <param name="options">The roles of the columns; at least a label or a target.</param>
    /// <exception cref="InvalidDataException">A column is missing, a row has too few fields, or a field is not a number; the message contains the name and line.</exception>
    public static Dataset FromCsv(TextReader reader, string name, CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(options);
        return CsvTable.Read(reader, name, options);
    }
}

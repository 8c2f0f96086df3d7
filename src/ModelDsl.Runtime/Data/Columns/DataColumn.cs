using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>
/// One tensor of every sample. <see cref="Dataset.FromColumns(DataColumn[])"/> combines columns to data with several
/// inputs or targets.
/// </summary>
/// <remarks>The given memory is not copied: do not change it while it is used for training.</remarks>
public abstract class DataColumn
{
    private protected DataColumn(ColumnDescription description, int count)
    {
        Description = description;
        Count = count;
    }

    /// <summary>The column's name, element type and shape.</summary>
    public ColumnDescription Description { get; }

    /// <summary>The number of samples.</summary>
    public int Count { get; }

    /// <summary>Creates a column of floats: an input or a target.</summary>
    /// <param name="name">The name, for error messages.</param>
    /// <param name="values">The values, in the order of the samples.</param>
    /// <param name="shape">The shape of one sample; empty for one value per sample.</param>
    /// <exception cref="ArgumentException">The number of values is not a multiple of the values per sample.</exception>
    public static DataColumn Floats(string name, ReadOnlyMemory<float> values, params int[] shape) =>
        new FloatColumn(new ColumnDescription(name, ColumnType.Float, shape), values);

    /// <summary>Creates a column of integers: token ids or class labels.</summary>
    /// <param name="name">The name, for error messages.</param>
    /// <param name="values">The values, in the order of the samples.</param>
    /// <param name="shape">The shape of one sample; empty for one value per sample.</param>
    /// <exception cref="ArgumentException">The number of values is not a multiple of the values per sample.</exception>
    public static DataColumn Ints(string name, ReadOnlyMemory<int> values, params int[] shape) =>
        new IntColumn(new ColumnDescription(name, ColumnType.Int, shape), values);

    /// <summary>Creates a column of bytes, such as pixels, which are converted to floats for the model.</summary>
    /// <param name="name">The name, for error messages.</param>
    /// <param name="values">The values, in the order of the samples.</param>
    /// <param name="scale">The factor of each byte; 1/255 gives values in [0, 1].</param>
    /// <param name="shape">The shape of one sample; empty for one value per sample.</param>
    /// <exception cref="ArgumentException">The number of values is not a multiple of the values per sample.</exception>
    public static DataColumn Bytes(string name, ReadOnlyMemory<byte> values, float scale, params int[] shape) =>
        new ByteColumn(new ColumnDescription(name, ColumnType.Float, shape), values, scale);

    /// <summary>Returns the number of samples in a number of values.</summary>
    private protected static int CountOf(ColumnDescription description, int values)
    {
        if (description.Length <= 0)
            throw new ArgumentException($"Column '{description.Name}' has {description.Length} values per sample; it needs at least 1.");
        if (values % description.Length != 0)
        {
            throw new ArgumentException(
                $"Column '{description.Name}' has {values} values, which is no multiple of the {description.Length} values of a sample.");
        }

        return values / description.Length;
    }

    /// <summary>Whether <see cref="Fill"/> only copies numbers in memory.</summary>
    internal virtual bool OnlyCopies => true;

    /// <summary>Writes samples into a column of a batch.</summary>
    internal abstract void Fill(ReadOnlySpan<int> samples, Batch batch, int column);
}

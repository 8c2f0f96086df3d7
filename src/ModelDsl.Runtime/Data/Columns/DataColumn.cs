using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>
/// One tensor of every sample, in memory: the way to bring data of several inputs or targets together with
/// <see cref="Dataset.FromColumns(DataColumn[])"/>.
/// </summary>
/// <remarks>The memory given is used where it lies, not copied: do not change it while it is being trained on.</remarks>
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

    /// <summary>A column of floats: an input or a target.</summary>
    /// <param name="name">A name for messages.</param>
    /// <param name="values">The values, sample after sample.</param>
    /// <param name="shape">The shape of one sample; empty for one value per sample.</param>
    /// <exception cref="ArgumentException">The number of values is no multiple of a sample's.</exception>
    public static DataColumn Floats(string name, ReadOnlyMemory<float> values, params int[] shape) =>
        new FloatColumn(new ColumnDescription(name, ColumnType.Float, shape), values);

    /// <summary>A column of integers: token ids or class labels.</summary>
    /// <param name="name">A name for messages.</param>
    /// <param name="values">The values, sample after sample.</param>
    /// <param name="shape">The shape of one sample; empty for one value per sample.</param>
    /// <exception cref="ArgumentException">The number of values is no multiple of a sample's.</exception>
    public static DataColumn Ints(string name, ReadOnlyMemory<int> values, params int[] shape) =>
        new IntColumn(new ColumnDescription(name, ColumnType.Int, shape), values);

    /// <summary>A column of bytes, such as pixels, that reach the model as floats.</summary>
    /// <param name="name">A name for messages.</param>
    /// <param name="values">The values, sample after sample.</param>
    /// <param name="scale">What each byte is multiplied by; 1/255 gives [0, 1].</param>
    /// <param name="shape">The shape of one sample; empty for one value per sample.</param>
    /// <exception cref="ArgumentException">The number of values is no multiple of a sample's.</exception>
    public static DataColumn Bytes(string name, ReadOnlyMemory<byte> values, float scale, params int[] shape) =>
        new ByteColumn(new ColumnDescription(name, ColumnType.Float, shape), values, scale);

    /// <summary>How many samples so many values make.</summary>
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

    /// <summary>Writes samples into a column of a batch.</summary>
    internal abstract void Fill(ReadOnlySpan<int> samples, Batch batch, int column);
}

using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>How the columns of a sample are read from an object: the model's inputs in their order, followed by its targets.</summary>
/// <typeparam name="T">The type of the objects.</typeparam>
/// <example>
/// <code>
/// var layout = new SampleLayout&lt;Photo&gt;()
///     .Input(32 * 32 * 3, (photo, row) => photo.DecodeTo(row))
///     .Label(photo => photo.Class);
/// </code>
/// </example>
/// <remarks>The delegates may run on a background thread, and on several threads at the same time if the data is enumerated several times at the same time.</remarks>
public sealed class SampleLayout<T>
{
    private readonly List<ColumnDescription> columns = [];
    private readonly List<Action<T, Batch, int, int>> writers = [];

    internal IReadOnlyList<ColumnDescription> Columns => columns;

    /// <summary>Adds an input of floats.</summary>
    /// <param name="length">The number of values per sample.</param>
    /// <param name="write">Writes all values of an object.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    public SampleLayout<T> Input(int length, Action<T, Span<float>> write) => AddFloats("input", length, write);

    /// <summary>Adds an input of token ids.</summary>
    /// <param name="length">The number of tokens per sample.</param>
    /// <param name="write">Writes all tokens of an object.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    public SampleLayout<T> Tokens(int length, Action<T, Span<int>> write) => AddInts("tokens", length, write);

    /// <summary>Adds a class label.</summary>
    /// <param name="label">Returns the class, starting at 0.</param>
    public SampleLayout<T> Label(Func<T, int> label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return AddInts("label", 1, (sample, row) => row[0] = label(sample));
    }

    /// <summary>Adds several class labels per sample, such as one per position.</summary>
    /// <param name="length">The number of labels per sample.</param>
    /// <param name="write">Writes all labels of an object.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    public SampleLayout<T> Labels(int length, Action<T, Span<int>> write) => AddInts("label", length, write);

    /// <summary>Adds a float target.</summary>
    /// <param name="target">Returns the target.</param>
    public SampleLayout<T> Target(Func<T, float> target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return AddFloats("target", 1, (sample, row) => row[0] = target(sample));
    }

    /// <summary>Adds several float targets per sample.</summary>
    /// <param name="length">The number of targets per sample.</param>
    /// <param name="write">Writes all targets of an object.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    public SampleLayout<T> Targets(int length, Action<T, Span<float>> write) => AddFloats("target", length, write);

    /// <summary>Adds a column of floats with a name.</summary>
    /// <param name="name">The column's name, for error messages.</param>
    /// <param name="length">The number of values per sample.</param>
    /// <param name="values">Returns exactly this number of values.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    public SampleLayout<T> Floats(string name, int length, Func<T, float[]> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return AddFloats(name, length, (sample, row) => Copy(name, values(sample), row));
    }

    /// <summary>Adds a column of integers, which are token ids or labels, with a name.</summary>
    /// <param name="name">The column's name, for error messages.</param>
    /// <param name="length">The number of values per sample.</param>
    /// <param name="values">Returns exactly this number of values.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    public SampleLayout<T> Ints(string name, int length, Func<T, int[]> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return AddInts(name, length, (sample, row) => Copy(name, values(sample), row));
    }

    private static void Copy<TValue>(string name, TValue[] values, Span<TValue> row)
    {
        if (values is null || values.Length != row.Length)
            throw new ArgumentException($"'{name}' takes {row.Length} values per sample, but a sample has {(values is null ? "none (null)" : values.Length)}.");
        values.CopyTo(row);
    }

    /// <summary>Writes an object into row <paramref name="row"/> of all columns.</summary>
    internal void Write(T sample, Batch batch, int row)
    {
        for (var column = 0; column < writers.Count; column++)
            writers[column](sample, batch, column, row);
    }

    /// <summary>Returns a copy that later calls on this layout do not change.</summary>
    internal SampleLayout<T> Freeze()
    {
        if (columns.Count == 0)
            throw new InvalidOperationException("The layout has no columns: call Input, Label and so on first.");
        var copy = new SampleLayout<T>();
        copy.columns.AddRange(columns);
        copy.writers.AddRange(writers);
        return copy;
    }

    private SampleLayout<T> AddFloats(string name, int length, Action<T, Span<float>> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Add(name, ColumnType.Float, length);
        writers.Add((sample, batch, column, row) => write(sample, batch.Floats(column).Slice(row * length, length)));
        return this;
    }

    private SampleLayout<T> AddInts(string name, int length, Action<T, Span<int>> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Add(name, ColumnType.Int, length);
        writers.Add((sample, batch, column, row) => write(sample, batch.Ints(column).Slice(row * length, length)));
        return this;
    }

    private void Add(string name, ColumnType type, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        columns.Add(new ColumnDescription(name, type, length == 1 ? [] : [length]));
    }
}

using ModelDsl.Compiled;
using ModelDsl.Memory;

namespace ModelDsl;

/// <summary>
/// Samples that go through a model together. Each input and then each target is a column of numbers, with the values of one sample after the other.
/// A batch does not depend on a model; <see cref="Model.Forward"/> checks that the columns of a batch fit.
/// </summary>
/// <example>
/// <code>
/// var batch = Batch.Of(32, images, labels);      // 32 samples: images.Length / 32 floats each, and a label
/// model.Forward(batch);
/// model.Backward(batch);
/// </code>
/// </example>
/// <remarks>Not thread-safe. The memory is managed: a batch need not be disposed, and spans over it stay valid.</remarks>
public sealed unsafe class Batch
{
    private readonly ColumnDescription[] columns;
    private readonly PinnedBuffer<float>?[] floats;
    private readonly PinnedBuffer<int>?[] ints;
    private readonly PinnedBuffer<nint> pointers;
    private int count;

    /// <summary>Allocates an empty batch: <see cref="Count"/> is 0.</summary>
    /// <param name="columns">The columns, inputs first and then targets.</param>
    /// <param name="capacity">The maximum number of samples, at least 1.</param>
    /// <exception cref="ArgumentException">There are no columns, or the size of a column is not positive.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public Batch(IReadOnlyList<ColumnDescription> columns, int capacity)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        if (columns.Count == 0)
            throw new ArgumentException("A batch needs at least one column.", nameof(columns));

        Capacity = capacity;
        this.columns = [.. columns];
        floats = new PinnedBuffer<float>?[columns.Count];
        ints = new PinnedBuffer<int>?[columns.Count];
        pointers = new PinnedBuffer<nint>(columns.Count, "The columns of a batch");
        for (var i = 0; i < this.columns.Length; i++)
        {
            var column = this.columns[i];
            if (column.Length <= 0)
                throw new ArgumentException($"Column '{column.Name}' has {column.Length} values per sample; it needs at least 1.", nameof(columns));

            var length = (long)capacity * column.Length;
            var what = $"Column '{column.Name}' of a batch of {capacity}";
            pointers.Pointer[i] = column.Type == ColumnType.Float
                ? (nint)(floats[i] = new PinnedBuffer<float>(length, what)).Pointer
                : (nint)(ints[i] = new PinnedBuffer<int>(length, what)).Pointer;
        }
    }

    /// <summary>The columns, inputs first and then targets.</summary>
    public IReadOnlyList<ColumnDescription> Columns => columns;

    /// <summary>The maximum number of samples.</summary>
    public int Capacity { get; }

    /// <summary>The number of samples in the batch. Set it before filling the columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or greater than <see cref="Capacity"/>.</exception>
    public int Count
    {
        get => count;
        set
        {
            if ((uint)value > (uint)Capacity)
                throw ArgumentCheck.Out(nameof(Count), value, $"from 0 to the batch's capacity, {Capacity}");
            count = value;
        }
    }

    /// <summary>The pass over the data that the batch belongs to.</summary>
    public DataPass Pass { get; internal set; }

    /// <summary>A batch that is not a micro-batch of another.</summary>
    internal static (uint Number, uint Count) Whole => (0, 1);

    /// <summary>Which micro-batch of a larger batch this is, and of how many: each draws other masks of dropout.</summary>
    internal (uint Number, uint Count) MicroBatch { get; init; } = Whole;

    /// <summary>Pointers to the columns, as for <see cref="Step.Columns"/>; valid while the batch is reachable.</summary>
    internal void** Pointers => (void**)pointers.Pointer;

    /// <summary>Returns the values of a float column: <see cref="Count"/> · <see cref="ColumnDescription.Length"/> floats, in the order of the samples.</summary>
    /// <param name="column">The column's index in <see cref="Columns"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    /// <exception cref="InvalidOperationException">The column holds integers.</exception>
    public Span<float> Floats(int column)
    {
        CheckColumn(column);
        var buffer = floats[column] ?? throw new InvalidOperationException($"Column '{columns[column].Name}' holds integers; use Ints({column}).");
        return buffer.Span[..(count * columns[column].Length)];
    }

    /// <summary>
    /// Returns the values of an integer column: <see cref="Count"/> · <see cref="ColumnDescription.Length"/> integers, in the order of the samples.
    /// </summary>
    /// <param name="column">The column's index in <see cref="Columns"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    /// <exception cref="InvalidOperationException">The column holds floats.</exception>
    public Span<int> Ints(int column)
    {
        CheckColumn(column);
        var buffer = ints[column] ?? throw new InvalidOperationException($"Column '{columns[column].Name}' holds floats; use Floats({column}).");
        return buffer.Span[..(count * columns[column].Length)];
    }

    /// <summary>Creates a batch of float inputs and float targets.</summary>
    /// <param name="count">The number of samples, by which the lengths of both spans are divided.</param>
    /// <param name="inputs">The inputs, in the order of the samples.</param>
    /// <param name="targets">The targets, in the order of the samples; empty for a model whose target is its input.</param>
    /// <exception cref="ArgumentException">A length is not a multiple of <paramref name="count"/>.</exception>
    public static Batch Of(int count, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets = default)
    {
        var input = Column("input", ColumnType.Float, count, inputs.Length);
        var batch = targets.IsEmpty
            ? new Batch([input], count)
            : new Batch([input, Column("target", ColumnType.Float, count, targets.Length)], count);
        batch.Count = count;
        inputs.CopyTo(batch.Floats(0));
        if (!targets.IsEmpty)
            targets.CopyTo(batch.Floats(1));
        return batch;
    }

    /// <summary>Creates a batch of float inputs and class labels.</summary>
    /// <param name="count">The number of samples, by which the lengths of both spans are divided.</param>
    /// <param name="inputs">The inputs, in the order of the samples.</param>
    /// <param name="labels">The labels, in the order of the samples.</param>
    /// <exception cref="ArgumentException">A length is not a multiple of <paramref name="count"/>.</exception>
    public static Batch Of(int count, ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels)
    {
        var batch = new Batch(
            [Column("input", ColumnType.Float, count, inputs.Length), Column("label", ColumnType.Int, count, labels.Length)], count);
        batch.Count = count;
        inputs.CopyTo(batch.Floats(0));
        labels.CopyTo(batch.Ints(1));
        return batch;
    }

    /// <summary>Creates a batch of token ids and class labels.</summary>
    /// <param name="count">The number of samples, by which the lengths of both spans are divided.</param>
    /// <param name="tokens">The token ids, in the order of the samples.</param>
    /// <param name="labels">The labels, in the order of the samples.</param>
    /// <exception cref="ArgumentException">A length is not a multiple of <paramref name="count"/>.</exception>
    public static Batch Of(int count, ReadOnlySpan<int> tokens, ReadOnlySpan<int> labels)
    {
        var batch = new Batch(
            [Column("input", ColumnType.Int, count, tokens.Length), Column("label", ColumnType.Int, count, labels.Length)], count);
        batch.Count = count;
        tokens.CopyTo(batch.Ints(0));
        labels.CopyTo(batch.Ints(1));
        return batch;
    }

    /// <summary>Creates a batch of token ids and float targets.</summary>
    /// <param name="count">The number of samples, by which the lengths of both spans are divided.</param>
    /// <param name="tokens">The token ids, in the order of the samples.</param>
    /// <param name="targets">The targets, in the order of the samples.</param>
    /// <exception cref="ArgumentException">A length is not a multiple of <paramref name="count"/>.</exception>
    public static Batch Of(int count, ReadOnlySpan<int> tokens, ReadOnlySpan<float> targets)
    {
        var batch = new Batch(
            [Column("input", ColumnType.Int, count, tokens.Length), Column("target", ColumnType.Float, count, targets.Length)], count);
        batch.Count = count;
        tokens.CopyTo(batch.Ints(0));
        targets.CopyTo(batch.Floats(1));
        return batch;
    }

    private static ColumnDescription Column(string name, ColumnType type, int count, int values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (values == 0 || values % count != 0)
            throw new ArgumentException($"{values} values in column '{name}' cannot be divided among {count} samples.");
        return new ColumnDescription(name, type, [values / count]);
    }

    private void CheckColumn(int column)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, columns.Length);
    }
}

namespace ModelDsl.Checkpoints.Rules;

/// <summary>A tensor that is computed from stored tensors. It has a shape; its values are computed when they are read.</summary>
/// <param name="shape">The shape.</param>
internal abstract class TensorSource(IReadOnlyList<long> shape)
{
    /// <summary>The shape.</summary>
    public IReadOnlyList<long> Shape => shape;

    /// <summary>The stored tensors that it is computed from.</summary>
    public abstract IEnumerable<SafetensorsEntry> Entries { get; }

    /// <summary>The number of elements.</summary>
    public int Count => Product(Shape);

    /// <summary>Fills a span with all values in row-major order.</summary>
    /// <param name="destination">A span of <see cref="Count"/> floats.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public virtual void Fill(Span<float> destination) => Read().CopyTo(destination);

    /// <summary>Gets all values in row-major order without copying them.</summary>
    /// <param name="values">The values, which are valid while the file is open.</param>
    /// <returns>Whether the values are in the file as they are needed, and can be mapped.</returns>
    public virtual bool TryMap(out ReadOnlySpan<float> values)
    {
        values = default;
        return false;
    }

    /// <summary>Reads all values in row-major order, in a new array.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public abstract float[] Read();

    /// <summary>Returns the number of elements of a part of a shape.</summary>
    /// <param name="extents">The sizes of the axes.</param>
    /// <exception cref="InvalidDataException">There are more elements than an array can have.</exception>
    protected static int Product(IEnumerable<long> extents)
    {
        // A header is refused if the product does not fit into a 64-bit integer.
        var product = extents.Aggregate(1L, static (product, extent) => product * extent);
        return product <= Array.MaxLength ? (int)product : throw new InvalidDataException($"A tensor with {product} values cannot be converted: an array has at most {Array.MaxLength}.");
    }
}

/// <summary>A stored tensor.</summary>
/// <param name="entry">Its name, type and shape.</param>
/// <param name="read">Fills a span with its values.</param>
internal class StoredSource(SafetensorsEntry entry, Action<Span<float>> read) : TensorSource(entry.Shape)
{
    public sealed override IEnumerable<SafetensorsEntry> Entries => [entry];

    public sealed override void Fill(Span<float> destination) => read(destination);

    public sealed override float[] Read()
    {
        var values = new float[Count];
        read(values);
        return values;
    }
}

/// <summary>A tensor of a file.</summary>
/// <param name="entry">One of the entries of the file.</param>
/// <param name="file">The file.</param>
internal sealed class FileSource(SafetensorsEntry entry, SafetensorsFile file) : StoredSource(entry, values => file.Read(entry, values))
{
    private readonly SafetensorsEntry entry = entry;

    public override bool TryMap(out ReadOnlySpan<float> values) => file.TryMap(entry, out values);
}

/// <summary>A matrix, or a stack of matrices, with its last two axes exchanged.</summary>
/// <param name="source">A tensor with at least two axes.</param>
internal sealed class TransposedSource(TensorSource source) : TensorSource([.. source.Shape.SkipLast(2), source.Shape[^1], source.Shape[^2]])
{
    // The rows that are read together, so that a cache line of the result is written at a time.
    private const int Block = 16;

    public override IEnumerable<SafetensorsEntry> Entries => source.Entries;

    public override float[] Read()
    {
        var values = source.Read();
        var result = new float[values.Length];
        var (rows, columns) = ((int)source.Shape[^2], (int)source.Shape[^1]);
        for (var matrix = 0; matrix < values.Length; matrix += rows * columns)
        {
            for (var row = 0; row < rows; row += Block)
                Transpose(values.AsSpan(matrix), result.AsSpan(matrix), row, Math.Min(row + Block, rows));
        }

        return result;

        void Transpose(ReadOnlySpan<float> from, Span<float> to, int first, int end)
        {
            for (var column = 0; column < columns; column++)
            {
                for (var row = first; row < end; row++)
                    to[(column * rows) + row] = from[(row * columns) + column];
            }
        }
    }
}

/// <summary>A range of an axis.</summary>
/// <param name="source">The tensor.</param>
/// <param name="axis">The axis, counted from the first.</param>
/// <param name="start">The first index of the range.</param>
/// <param name="length">The number of indices; the range lies within the axis.</param>
internal sealed class SlicedSource(TensorSource source, int axis, long start, long length) : TensorSource([.. source.Shape.Take(axis), length, .. source.Shape.Skip(axis + 1)])
{
    public override IEnumerable<SafetensorsEntry> Entries => source.Entries;

    public override float[] Read()
    {
        var values = source.Read();
        var (outer, inner, step) = (Product(Shape.Take(axis)), Product(Shape.Skip(axis)), Product(source.Shape.Skip(axis)));
        var first = checked((int)start * Product(Shape.Skip(axis + 1)));
        var result = new float[outer * inner];
        for (var i = 0; i < outer; i++)
            values.AsSpan((i * step) + first, inner).CopyTo(result.AsSpan(i * inner));
        return result;
    }
}

/// <summary>Tensors one after another along an axis.</summary>
/// <param name="sources">The tensors, whose other axes have the same sizes.</param>
/// <param name="axis">The axis, counted from the first.</param>
internal sealed class ConcatenatedSource(IReadOnlyList<TensorSource> sources, int axis)
    : TensorSource([.. sources[0].Shape.Take(axis), sources.Sum(source => source.Shape[axis]), .. sources[0].Shape.Skip(axis + 1)])
{
    public override IEnumerable<SafetensorsEntry> Entries => sources.SelectMany(static source => source.Entries);

    public override float[] Read()
    {
        var (outer, step) = (Product(Shape.Take(axis)), Product(Shape.Skip(axis)));
        var result = new float[outer * step];
        var at = 0;
        foreach (var source in sources)
        {
            var values = source.Read();
            var inner = Product(source.Shape.Skip(axis));
            for (var i = 0; i < outer; i++)
                values.AsSpan(i * inner, inner).CopyTo(result.AsSpan((i * step) + at));
            at += inner;
        }

        return result;
    }
}

/// <summary>The sum of tensors.</summary>
/// <param name="sources">The tensors, which have the same shape.</param>
internal sealed class SummedSource(IReadOnlyList<TensorSource> sources) : TensorSource(sources[0].Shape)
{
    public override IEnumerable<SafetensorsEntry> Entries => sources.SelectMany(static source => source.Entries);

    public override float[] Read()
    {
        var result = sources[0].Read();
        foreach (var source in sources.Skip(1))
        {
            var values = source.Read();
            for (var i = 0; i < result.Length; i++)
                result[i] += values[i];
        }

        return result;
    }
}

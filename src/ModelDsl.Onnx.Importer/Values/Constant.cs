namespace ModelDsl.Onnx.Importer.Values;

/// <summary>A value that is known during the import. If all elements are equal, it may be stored as one.</summary>
internal sealed record Constant : Value
{
    private readonly Lazy<float[]>? floats;
    private readonly long[]? integers;

    private Constant(long[] shape, Lazy<float[]>? floats, long[]? integers, string source, bool isTrained)
        : base(shape) => (this.floats, this.integers, Source, IsTrained) = (floats, integers, source, isTrained);

    /// <summary>The name of the tensor in the file, or of the node that computes it.</summary>
    public string Source { get; init; }

    /// <summary>Whether it was a weight of the model that was exported.</summary>
    public bool IsTrained { get; init; }

    /// <summary>Whether it consists of whole numbers or logical values.</summary>
    public bool IsInteger => integers is not null;

    /// <summary>The number of elements.</summary>
    public long Count => Sizes.Product(Shape);

    /// <summary>The stored elements: all in row-major order, or a single one that all are equal to.</summary>
    public float[] Floats => floats?.Value ?? Array.ConvertAll(integers!, value => (float)value);

    /// <summary>The stored elements of whole numbers.</summary>
    public long[] Integers => integers ?? Array.ConvertAll(Floats, value => (long)value);

    /// <summary>The only value, if all elements are equal.</summary>
    public double? Uniform => IsInteger ? Single(integers!) is { } integer ? integer : null : Single(Floats) is { } number ? number : null;

    public static Constant Of(long[] shape, float[] values, string source = "", bool isTrained = false) => new(shape, new Lazy<float[]>(values), null, source, isTrained);

    public static Constant Of(long[] shape, Func<float[]> values, string source = "", bool isTrained = false) => new(shape, new Lazy<float[]>(values), null, source, isTrained);

    public static Constant Of(long[] shape, long[] values, string source = "") => new(shape, null, values, source, false);

    /// <summary>Returns the same elements with other sizes.</summary>
    public Constant WithShape(long[] shape) => new(shape, floats, integers, Source, IsTrained);

    /// <summary>Returns other elements with the same origin.</summary>
    public Constant With(long[] shape, float[] values) => new(shape, new Lazy<float[]>(values), null, Source, IsTrained);

    /// <summary>Returns all elements in row-major order.</summary>
    /// <exception cref="ImportException">They are equal, and too many.</exception>
    public float[] All()
    {
        var values = Floats;
        if (values.Length == Count || values.Length != 1) return values;
        if (Count > Sizes.MostComputed) throw new ImportException(ImportException.Unsupported, $"a constant of shape {Sizes.Text(Shape)} is too large for a weight: at most {Sizes.MostComputed:N0} equal numbers are expected.");
        var all = new float[Count];
        Array.Fill(all, values[0]);
        return all;
    }

    /// <summary>Returns an element.</summary>
    public float Float(long index)
    {
        var values = Floats;
        return values.Length == 1 ? values[0] : values[index];
    }

    /// <summary>Returns a whole number.</summary>
    public long Integer(long index)
    {
        var values = Integers;
        return values.Length == 1 ? values[0] : values[index];
    }

    private static T? Single<T>(T[] values)
        where T : struct, IEquatable<T>
    {
        if (values.Length == 0) return null;
        return Array.TrueForAll(values, value => value.Equals(values[0])) ? values[0] : null;
    }
}

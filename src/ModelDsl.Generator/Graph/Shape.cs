using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Graph;

/// <summary>The size of an axis: a literal, or N, the number of samples in the batch.</summary>
internal readonly record struct Extent
{
    private readonly int value;

    private Extent(int value) => this.value = value;

    public static Extent Batch { get; } = new(-1);

    public bool IsBatch => value < 0;

    /// <summary>The literal size; an internal error for the batch axis.</summary>
    public int Value => IsBatch ? throw new InvalidOperationException("The batch axis has no literal size.") : value;

    public static implicit operator Extent(int value) =>
        value > 0 ? new(value) : throw new ArgumentOutOfRangeException(nameof(value), "An extent is positive.");

    public override string ToString() => IsBatch ? "N" : Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The extents of a tensor, outermost first. The batch axis, if there is one, is the first.</summary>
internal readonly record struct Shape(EquatableArray<Extent> Extents)
{
    public static Shape Scalar => new(EquatableArray<Extent>.Empty);

    public int Rank => Extents.Count;

    public bool HasBatch => Rank > 0 && Extents[0].IsBatch;

    /// <summary>Elements per sample: the product of the literal extents.</summary>
    public int Length => Extents.Where(extent => !extent.IsBatch).Aggregate(1, (product, extent) => checked(product * extent.Value));

    public Extent this[int axis] => Extents[axis];

    public static Shape Of(params Extent[] extents) => new(new EquatableArray<Extent>(extents));

    /// <summary>The shape of a batch of samples, each of the given shape.</summary>
    public static Shape Batch(params int[] sample) => new(new EquatableArray<Extent>([Extent.Batch, .. sample.Select(extent => (Extent)extent)]));

    public Shape WithLast(Extent extent) => new([.. Extents.Take(Rank - 1), extent]);

    public Shape WithoutLast() => new([.. Extents.Take(Rank - 1)]);

    public override string ToString() => $"[{string.Join(", ", Extents)}]";
}

internal enum ElementType
{
    Float,
    Int,
}

/// <summary>Properties of element types.</summary>
internal static class ElementTypes
{
    /// <summary>Returns the size of an element in bytes.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Float => sizeof(float),
        ElementType.Int => sizeof(int),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}

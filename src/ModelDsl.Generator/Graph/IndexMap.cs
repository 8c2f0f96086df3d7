using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Graph;

/// <summary>One term of a coordinate: <c>Scale · index[Axis]</c>.</summary>
internal readonly record struct Term(int Axis, int Scale);

/// <summary>
/// One coordinate of an operand as an affine function of the indices of a domain: <c>Σ Scale · index[Axis] + Offset</c>. A plain projection has
/// one term of scale 1; a convolution's window <c>s·i + d·k + c</c> has two; a broadcast axis has none.
/// </summary>
internal readonly record struct Coordinate(EquatableArray<Term> Terms, int Offset = 0)
{
    /// <summary>The axis that this coordinate is equal to, or −1.</summary>
    public int Axis => Terms.Count == 1 && Terms[0].Scale == 1 && Offset == 0 ? Terms[0].Axis : -1;

    public static Coordinate Of(int axis, int scale = 1, int offset = 0) => new(EquatableArray.Of(new Term(axis, scale)), offset);

    public static Coordinate At(int offset) => new(EquatableArray<Term>.Empty, offset);

    public override string ToString() =>
        string.Join(" + ", [.. Terms.Select(term => term.Scale == 1 ? $"i{term.Axis}" : $"{term.Scale}·i{term.Axis}"), .. Offset == 0 && Terms.Count > 0 ? Array.Empty<string>() : [$"{Offset}"]]);
}

/// <summary>The coordinates of an operand, outermost first, as functions of the indices of a domain.</summary>
internal readonly record struct IndexMap(EquatableArray<Coordinate> Coordinates)
{
    public int Rank => Coordinates.Count;

    public Coordinate this[int index] => Coordinates[index];

    public static IndexMap Identity(int rank) => Project([.. Enumerable.Range(0, rank)]);

    /// <summary>The operand's coordinates are the given axes of the domain.</summary>
    public static IndexMap Project(params int[] axes) => new(axes.Select(axis => Coordinate.Of(axis)).ToEquatableArray());

    /// <summary>Returns the composition that first applies <paramref name="inner"/>, whose coordinates are the domain of this map.</summary>
    public IndexMap After(IndexMap inner) => new(Coordinates.Select(coordinate =>
    {
        var scales = new SortedDictionary<int, int>();
        var offset = coordinate.Offset;
        foreach (var outer in coordinate.Terms)
        {
            offset += outer.Scale * inner[outer.Axis].Offset;
            foreach (var term in inner[outer.Axis].Terms)
            {
                scales[term.Axis] = (scales.TryGetValue(term.Axis, out var scale) ? scale : 0) + (outer.Scale * term.Scale);
            }
        }

        return new Coordinate(scales.Where(pair => pair.Value != 0).Select(pair => new Term(pair.Key, pair.Value)).ToEquatableArray(), offset);
    }).ToEquatableArray());

    public bool IsIdentity(int rank) => Rank == rank && Coordinates.Select((coordinate, axis) => coordinate.Axis == axis).All(same => same);

    public override string ToString() => $"({string.Join(", ", Coordinates)})";
}

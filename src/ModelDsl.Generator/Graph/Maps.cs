using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Graph;

/// <summary>Properties of index maps.</summary>
internal static class Maps
{
    /// <summary>Returns the smallest and the largest value of a coordinate over a domain. Batch terms count as index 0.</summary>
    public static (int Low, int High) Range(Coordinate coordinate, Shape domain)
    {
        var (low, high) = (coordinate.Offset, coordinate.Offset);
        foreach (var term in coordinate.Terms)
        {
            if (domain[term.Axis].IsBatch) continue;
            var last = term.Scale * (domain[term.Axis].Value - 1);
            (low, high) = (low + Math.Min(0, last), high + Math.Max(0, last));
        }

        return (low, high);
    }

    /// <summary>Whether the map is inside the shape for every index of the domain.</summary>
    public static bool InBounds(IndexMap map, Shape domain, Shape shape)
    {
        for (var axis = 0; axis < map.Rank; axis++)
        {
            if (shape[axis].IsBatch) continue;
            var (low, high) = Range(map[axis], domain);
            if (low < 0 || high >= shape[axis].Value) return false;
        }

        return true;
    }

    /// <summary>Whether each coordinate is one index, or one window of two indices. The batch index must be the only term of its coordinate.</summary>
    public static bool IsNormal(IndexMap map, Shape domain, Shape shape)
    {
        if (map.Rank != shape.Rank) return false;
        for (var axis = 0; axis < map.Rank; axis++)
        {
            var coordinate = map[axis];
            if (coordinate.Terms.Count > 2) return false;
            for (var i = 0; i < coordinate.Terms.Count; i++)
            {
                var term = coordinate.Terms[i];
                var ordered = i == 0 || coordinate.Terms[i - 1].Axis < term.Axis;
                if (!ordered || term.Scale == 0 || term.Axis < 0 || term.Axis >= domain.Rank) return false;
                if (domain[term.Axis].IsBatch && !shape[axis].IsBatch) return false;
            }

            if (shape[axis].IsBatch && (coordinate.Axis < 0 || !domain[coordinate.Axis].IsBatch)) return false;
        }

        return true;
    }

    /// <summary>Whether the map is a permutation of axes, so that it reaches every element of the shape exactly once.</summary>
    public static bool IsPermutation(IndexMap map, Shape domain, Shape shape) =>
        map.Rank == domain.Rank && IsInjection(map, domain)
        && Enumerable.Range(0, map.Rank).All(axis => map[axis].Axis >= 0 && domain[map[axis].Axis] == shape[axis]);

    /// <summary>
    /// Whether a coordinate reaches every index once, as a number in mixed radix: one axis, or axes whose strides are the products of the sizes of the later ones.
    /// </summary>
    public static bool IsCovered(Coordinate coordinate, Shape domain, Extent size)
    {
        if (size.IsBatch) return coordinate.Axis >= 0;
        var reached = 1;
        foreach (var term in coordinate.Terms.OrderBy(term => term.Scale))
        {
            if (term.Scale != reached || domain[term.Axis].IsBatch) return false;
            reached *= domain[term.Axis].Value;
        }

        return coordinate.Offset == 0 && reached == size.Value;
    }

    /// <summary>
    /// Returns the indices of a shape as numbers in mixed radix: each of its axes is a contiguous range of axes of another shape. Null if there are no such ranges.
    /// </summary>
    /// <param name="shape">The shape.</param>
    /// <param name="radices">The shape with the same elements in the same order, whose axes are the radices.</param>
    public static IndexMap? MixedRadix(Shape shape, Shape radices)
    {
        var coordinates = new List<Coordinate>();
        var next = 0;
        foreach (var extent in shape.Extents)
        {
            var range = new List<int>();
            for (var size = 1; next < radices.Rank && (range.Count == 0 || (!extent.IsBatch && size < extent.Value)); next++)
            {
                if (radices[next].IsBatch != extent.IsBatch) return null;
                if (!extent.IsBatch) size *= radices[next].Value;
                range.Add(next);
            }

            var scale = 1;
            var terms = new List<Term>();
            foreach (var axis in Enumerable.Reverse(range))
            {
                terms.Insert(0, new Term(axis, scale));
                if (!extent.IsBatch) scale *= radices[axis].Value;
            }

            if (!extent.IsBatch && scale != extent.Value) return null;
            coordinates.Add(new Coordinate(terms.ToEquatableArray()));
        }

        return next == radices.Rank ? new IndexMap(coordinates.ToEquatableArray()) : null;
    }

    /// <summary>
    /// Whether every coordinate is one axis, which may be reversed and shifted, and every axis of the domain is used once: a slice of a permutation with
    /// flips.
    /// </summary>
    public static bool IsInjection(IndexMap map, Shape domain) =>
        map.Rank == domain.Rank
        && map.Coordinates.All(coordinate => coordinate.Terms.Count == 1 && coordinate.Terms[0].Scale is 1 or -1)
        && map.Coordinates.Select(coordinate => coordinate.Terms[0].Axis).Distinct().Count() == domain.Rank;

    /// <summary>Whether the map does not depend on an axis of the domain, so that equal values are read along it.</summary>
    public static bool Repeats(IndexMap map, Shape domain) =>
        map.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis).Distinct().Count() < domain.Rank;

    /// <summary>
    /// Returns the inverse of an injection: the map from the target's coordinates, relative to the lowest that is read, to the domain.
    /// </summary>
    public static IndexMap Inverse(IndexMap injection, Shape domain)
    {
        var coordinates = new Coordinate[injection.Rank];
        for (var axis = 0; axis < coordinates.Length; axis++)
        {
            var term = injection[axis].Terms[0];
            coordinates[term.Axis] = term.Scale == 1 ? Coordinate.Of(axis) : Coordinate.Of(axis, -1, domain[term.Axis].Value - 1);
        }

        return new IndexMap(coordinates.ToEquatableArray());
    }
}

using ModelDsl.Generator.Common;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A contraction whose result is read through adjacent windows. Each axis along a window is split into two: the position of the window, and the element in it. Tiles consist of
/// whole windows: their rows are positions, and they hold all elements for each.
/// </summary>
internal sealed class TileWindow
{
    private TileWindow(ContractLoops contract, IndexMap domain, IndexMap positions, IReadOnlyList<int> elements, IReadOnlyList<IReadOnlyList<int>> points) =>
        (Loops, Domain, Positions, Elements, Points) = (contract, domain, positions, elements, points);

    /// <summary>The contraction over positions and elements.</summary>
    public ContractLoops Loops { get; }

    /// <summary>The indices of the reductions over windows, as functions of the indices of the contraction.</summary>
    public IndexMap Domain { get; }

    /// <summary>The coordinates of a reduction's result, as functions of the indices of the contraction.</summary>
    public IndexMap Positions { get; }

    /// <summary>The axes of elements, outermost first.</summary>
    public IReadOnlyList<int> Elements { get; }

    /// <summary>The elements of a window in row-major order: an index along each axis of elements.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Points { get; }

    /// <summary>Returns the window of a group; null if no member reads windows.</summary>
    public static TileWindow? Of(Group group)
    {
        if (Windows.Of(group).FirstOrDefault() is not { } reduce) return null;
        var contract = ContractLoops.Of((ContractNode)group.Anchor);
        var read = Windows.ReadBy(reduce, group);
        var extents = contract.Domain.Extents.ToList();
        var split = Enumerable.Range(0, extents.Count).Select(axis => Coordinate.Of(axis)).ToArray();
        var elements = new SortedDictionary<int, int>();
        for (var k = 0; k < read.Rank; k++)
        {
            if (read[k].Terms.Count < 2) continue;
            var terms = read[k].Terms.OrderBy(term => term.Scale).ToArray();
            var axis = contract.Output[k].Axis;
            elements[terms[0].Axis] = extents.Count;
            split[axis] = new Coordinate(EquatableArray.Of(new Term(axis, terms[1].Scale), new Term(extents.Count, 1)));
            extents[axis] = reduce.Domain[terms[1].Axis];
            extents.Add(reduce.Domain[terms[0].Axis]);
        }

        var over = new IndexMap(split.ToEquatableArray());
        var output = contract.Output.After(over);
        var domain = new Coordinate[reduce.Domain.Rank];
        for (var k = 0; k < read.Rank; k++)
        {
            foreach (var term in read[k].Terms)
            {
                domain[term.Axis] = read[k].Terms.Count < 2 ? output[k] : Coordinate.Of(elements.TryGetValue(term.Axis, out var element) ? element : contract.Output[k].Axis);
            }
        }

        var ofReduce = new IndexMap(domain.ToEquatableArray());
        IEnumerable<IReadOnlyList<int>> points = [[]];
        foreach (var axis in elements.Keys)
        {
            points = [.. points.SelectMany(point => Enumerable.Range(0, reduce.Domain[axis].Value).Select(index => (IReadOnlyList<int>)[.. point, index]))];
        }

        return new TileWindow(
            contract.Over(new Shape([.. extents]), output, over),
            ofReduce, reduce.Output.After(ofReduce), [.. elements.Values], [.. points]);
    }

    /// <summary>The index of an element along an axis of the reductions' domain.</summary>
    public int IndexAlong(int axis, int element) => Points[element][Elements.ToList().IndexOf(Domain[axis].Axis)];
}

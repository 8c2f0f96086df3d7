using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// The iteration domain of a contraction or reduction in gather form, in which each result is computed once: the kept axes, the summed axes, and bounds for windows that extend
/// beyond an edge or are scattered over the result. If a coordinate of the result is a window <c>s·i + d·k + c</c>, it becomes an axis of its own, and i depends on k. There are
/// no conditions inside a sum: the loops over window elements have bounds that are valid at the position.
/// </summary>
internal sealed class IterationDomain
{
    private readonly List<WindowRange> ranges = [];
    private readonly HashSet<int> dependents = [];
    private readonly int known;
    private WindowRange? knownRange;

    private IterationDomain(Shape domain, IndexMap output, int known)
    {
        Domain = domain;
        Output = output;
        this.known = known;
    }

    /// <summary>The domain of the node, followed by one axis for each window of the result.</summary>
    public Shape Domain { get; private set; }

    /// <summary>The coordinates of the result over <see cref="Domain"/>. They refer to kept axes only and cover every element once.</summary>
    public IndexMap Output { get; private set; }

    /// <summary>The axes of the result, in the order of its coordinates.</summary>
    public IReadOnlyList<int> Kept { get; private set; } = [];

    /// <summary>The axes that are summed over, outermost first, without the axes that depend on another.</summary>
    public IReadOnlyList<int> Summed { get; private set; } = [];

    /// <summary>The summed axes with bounds. The bounds are declared at each position of the result.</summary>
    public IReadOnlyList<WindowRange> Ranges => ranges;

    /// <summary>The kept axes on which bounds depend.</summary>
    public IReadOnlyCollection<int> Positions { get; private set; } = [];

    /// <summary>Converts a domain to gather form.</summary>
    /// <param name="name">The name of the node, for messages.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="output">The result's coordinates.</param>
    /// <param name="result">The result's shape.</param>
    /// <param name="operands">The operands that are read.</param>
    /// <param name="known">A summed axis whose bounds the caller knows at each position. It has no bounds here, and its loop covers all iterations. −1 for none.</param>
    public static IterationDomain Of(string name, Shape domain, IndexMap output, Shape result, IReadOnlyList<Operand> operands, int known = -1)
    {
        var iterations = new IterationDomain(domain, output, known);
        var extents = domain.Extents.ToList();
        var coordinates = output.Coordinates.ToArray();
        var windows = new List<(Coordinate Coordinate, int Size)>();
        for (var k = 0; k < coordinates.Length; k++)
        {
            if (Maps.IsCovered(coordinates[k], domain, result[k])) continue;
            windows.Add((coordinates[k], result[k].Value));
            iterations.Scatter(name, coordinates[k], extents.Count, result[k].Value, domain);
            coordinates[k] = Coordinate.Of(extents.Count);
            extents.Add(result[k]);
        }

        iterations.Domain = new Shape([.. extents]);
        iterations.Output = new IndexMap([.. coordinates]);
        iterations.Kept = [.. coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis)];
        if (iterations.Kept.Distinct().Count() < iterations.Kept.Count || iterations.Kept.Any(axis => iterations.IsRange(axis) || iterations.dependents.Contains(axis))) throw new NotSupportedException($"'{name}' has one index in two coordinates of its result.");
        iterations.Summed = [.. Enumerable.Range(0, domain.Rank).Where(axis => !iterations.Kept.Contains(axis) && !iterations.dependents.Contains(axis))];
        foreach (var operand in operands)
        {
            for (var k = 0; k < operand.Map.Rank; k++)
            {
                if (!operand.Node.Shape[k].IsBatch) iterations.Stay(name, operand.Map[k], operand.Node.Shape[k].Value, domain, windows);
            }
        }

        iterations.Positions = [.. iterations.ranges.Concat(iterations.knownRange is { } range ? [range] : Array.Empty<WindowRange>()).SelectMany(range => range.Positions).Distinct()];
        return iterations;
    }

    public bool IsRange(int axis) => ranges.Any(range => range.Axis == axis);

    /// <summary>The distance of one iteration of the loop over each axis, from the strides of all axes.</summary>
    public IReadOnlyList<int> Steps(IReadOnlyList<int> strides)
    {
        var steps = strides.ToArray();
        foreach (var range in ranges)
        {
            steps[range.Axis] = (strides[range.Axis] * range.Step) + (range.Dependent >= 0 ? strides[range.Dependent] * range.DependentStep : 0);
            if (range.Dependent >= 0) steps[range.Dependent] = 0;
        }

        return steps;
    }

    /// <summary>The offset at which the loops with bounds begin, from the strides of all axes.</summary>
    public Index Start(IReadOnlyList<int> strides)
    {
        Index start = 0;
        foreach (var range in ranges)
        {
            start += range.First * strides[range.Axis];
            if (range.Dependent >= 0) start += range.DependentFirst * strides[range.Dependent];
        }

        return start;
    }

    /// <summary>Declares the bounds at a position.</summary>
    /// <param name="statements">The list to which declarations are added.</param>
    /// <param name="at">The index along a kept axis.</param>
    public void Declare(List<Statement> statements, Func<int, Index> at)
    {
        foreach (var range in ranges) range.Declare(statements, at);
    }

    /// <summary>The number of iterations of a loop: the extent, or the number of existing window elements.</summary>
    public Index Size(int axis) => ranges.FirstOrDefault(range => range.Axis == axis) is { } range ? range.Count : KernelBuilder.Size(Domain[axis]);

    /// <summary>The index along an axis of the domain, from the iterations of the loops.</summary>
    public Index At(int axis, Func<int, Index> iteration)
    {
        foreach (var range in ranges)
        {
            if (range.Axis == axis) return (iteration(axis) * range.Step) + range.First;
            if (range.Dependent == axis) return (iteration(range.Axis) * range.DependentStep) + range.DependentFirst;
        }

        return iteration(axis);
    }

    /// <summary>Computes the indices of the dependent axes, for a target that visits all elements of a window and skips those that do not exist.</summary>
    public void SetDependent(Index[] indices)
    {
        foreach (var range in ranges.Where(range => range.Dependent >= 0)) indices[range.Dependent] = range.DependentAt(indices);
    }

    /// <summary>The conditions under which the elements with these indices exist.</summary>
    public IEnumerable<Condition> Exist(IReadOnlyList<Index> indices) => ranges.SelectMany(range => range.Exist(indices));

    /// <summary>The conditions under which an operand has the element with these indices.</summary>
    public IEnumerable<Condition> Exist(IReadOnlyList<Index> indices, IndexMap operand) => ranges.Where(range => range.Limits(operand)).SelectMany(range => range.Exist(indices));

    /// <summary>Whether a condition or another index depends on the index along the axis.</summary>
    public bool IsInWindow(int axis) => dependents.Contains(axis) || ranges.Any(range => range.Axis == axis || range.Positions.Contains(axis));

    /// <summary>Whether the index of an axis is needed to read an operand with windows: it is in a condition for the operand, or the index of another axis depends on it.</summary>
    public bool IsInWindow(int axis, IndexMap operand) =>
        dependents.Contains(axis) || ranges.Any(range => (range.Axis == axis || range.Positions.Contains(axis)) && (range.Dependent >= 0 || range.Limits(operand)));

    /// <summary>Adds a window of the result: for an element h, the k for which <c>i = (h − c − d·k) / s</c> is an index.</summary>
    private void Scatter(string name, Coordinate window, int position, int size, Shape domain)
    {
        if (window.Terms.Count == 0 || window.Terms.Any(term => term.Scale < 0)) throw Unsupported(name);
        var (index, tap) = (window.Terms[0], window.Terms.Count == 2 ? window.Terms[1] : (Term?)null);
        if (tap is { } other && domain[index.Axis].Value < domain[other.Axis].Value) (index, tap) = (other, index);
        ranges.Add(WindowRange.OfResult(position, window.Offset, index, domain[index.Axis].Value, tap, tap is { } k ? domain[k.Axis].Value : 1));
        if (tap is not null) dependents.Add(index.Axis);
    }

    /// <summary>Adds bounds of a summed axis that keep a coordinate of an operand inside.</summary>
    private void Stay(string name, Coordinate coordinate, int size, Shape domain, List<(Coordinate Coordinate, int Size)> windows)
    {
        var (low, high) = Maps.Range(coordinate, domain);
        if ((low >= 0 && high < size) || windows.Contains((coordinate, size))) return;
        var summed = coordinate.Terms.Where(term => Summed.Contains(term.Axis)).ToArray();
        if (summed.Length != 1 || (summed[0].Scale < 0 && summed[0].Axis != known) || coordinate.Terms.Any(term => dependents.Contains(term.Axis))) throw Unsupported(name);
        var range = WindowRange.OfOperand(coordinate, size, summed[0], domain[summed[0].Axis].Value);
        var before = range.Axis == known ? knownRange : ranges.FirstOrDefault(other => other.Axis == range.Axis);
        if (before is not null && before != range) throw Unsupported(name);
        if (range.Axis == known) knownRange = range;
        else if (before is null) ranges.Add(range);
    }

    private static NotSupportedException Unsupported(string name) => new($"'{name}' has windows that no schedule is known for.");
}

using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// The elements of a window that exist at a position. The loop over <paramref name="Axis"/> has a first index, a number of iterations and the step <paramref name="Step"/>. The
/// index of another axis may depend on it.
/// </summary>
internal sealed record WindowRange(int Axis, int Step, EquatableArray<int> Positions, WindowForm Form, int Dependent = -1, int DependentStep = 0)
{
    /// <summary>The first element of the window that exists.</summary>
    public IndexVariable First { get; } = new($"first{Axis}");

    /// <summary>The number of elements that exist.</summary>
    public IndexVariable Count { get; } = new($"taps{Axis}");

    /// <summary>The index of the dependent axis at the first element.</summary>
    public IndexVariable DependentFirst { get; } = new($"first{Dependent}");

    /// <summary>Whether two ranges describe the same elements of the same axis.</summary>
    public bool Equals(WindowRange? other) =>
        other is not null && (Axis, Step, Dependent, DependentStep) == (other.Axis, other.Step, other.Dependent, other.DependentStep) && Positions.Equals(other.Positions) && Form == other.Form;

    public override int GetHashCode() => Axis;

    /// <summary>The elements for which an operand is read inside its bounds: <c>0 ≤ scale·v + rest &lt; size</c>.</summary>
    public static WindowRange OfOperand(Coordinate coordinate, int size, Term axis, int extent)
    {
        var rest = coordinate.Terms.Where(term => term.Axis != axis.Axis).ToEquatableArray();
        return new WindowRange(
            axis.Axis, 1, rest.Select(term => term.Axis).ToEquatableArray(), new WindowForm(rest, coordinate.Offset, axis.Scale, size, extent));
    }

    /// <summary>The elements that contribute terms to a result at <paramref name="position"/>.</summary>
    public static WindowRange OfResult(int position, int offset, Term index, int indexExtent, Term? tap, int tapExtent)
    {
        var positions = EquatableArray.Of(position);
        var rest = EquatableArray.Of(new Term(position, 1));
        if (tap is not { } k)
        {
            return new WindowRange(index.Axis, 1, positions, new WindowForm(rest, -offset, 1, indexExtent, 1) { Stride = index.Scale, IsResult = true });
        }

        // d·k ≡ h − c (mod s) holds for every (s/g)-th k, where g is the greatest common divisor of s and d. As k increases, i decreases.
        var common = CommonDivisor(index.Scale, k.Scale);
        return new WindowRange(
            k.Axis, index.Scale / common, positions,
            new WindowForm(rest, -offset, k.Scale, indexExtent, tapExtent) { Stride = index.Scale, IsResult = true },
            index.Axis, -(k.Scale / common));
    }

    /// <summary>Declares the first index, the number of iterations, and the first index of the dependent axis.</summary>
    public void Declare(List<Statement> statements, Func<int, Index> at)
    {
        Index position = Form.Offset;
        foreach (var term in Form.Rest) position = (at(term.Axis) * term.Scale) + position;
        if (!Form.IsResult) DeclareInside(statements, position);
        else if (Dependent < 0) DeclareSingle(statements, position);
        else DeclareTaps(statements, position);
    }

    /// <summary>Whether an operand has no element for some elements of the window. A factor that is indexed by the window alone has all of them, and the other factor of the product is then zero.</summary>
    public bool Limits(IndexMap map) =>
        Form.IsResult
            ? Dependent < 0 || map.Coordinates.Any(coordinate => IsIndexed(coordinate, Dependent))
            : map.Coordinates.Any(coordinate => IsIndexed(coordinate, Axis) && Positions.All(position => IsIndexed(coordinate, position)));

    private static bool IsIndexed(Coordinate coordinate, int axis) => coordinate.Terms.Any(term => term.Axis == axis);

    /// <summary>The index of the dependent axis, from the indices of the others.</summary>
    public Index DependentAt(IReadOnlyList<Index> indices) => Numerator(indices) / Form.Stride;

    /// <summary>The conditions under which the element with these indices exists.</summary>
    public IEnumerable<Condition> Exist(IReadOnlyList<Index> indices)
    {
        if (!Form.IsResult)
        {
            var position = PositionOf(indices) + (indices[Axis] * Form.Scale);
            return [Condition.Less(-1, position), Condition.Less(position, Form.Size)];
        }

        if (Dependent < 0)
        {
            var (position, own) = (PositionOf(indices), indices[Axis] * Form.Stride);
            return [Condition.Less(position - own, 1), Condition.Less(own - position, 1)];
        }

        var numerator = Numerator(indices);
        return
        [
            Condition.Less(-1, numerator), Condition.Less(numerator, Form.Size * Form.Stride),
            .. Form.Stride == 1 ? Array.Empty<Condition>() : [Condition.Less(numerator % Form.Stride, 1)],
        ];
    }

    private Index Numerator(IReadOnlyList<Index> indices) => PositionOf(indices) - (indices[Axis] * Form.Scale);

    private Index PositionOf(IReadOnlyList<Index> indices)
    {
        Index position = Form.Offset;
        foreach (var term in Form.Rest) position = (indices[term.Axis] * term.Scale) + position;
        return position;
    }

    private void DeclareInside(List<Statement> statements, Index rest)
    {
        var scale = Form.Scale;
        statements.Add(new DeclareIndex(First, Index.Max(0, (Index)(scale - 1) - rest) / scale));
        var end = Index.Min(Form.Extent, Index.Max(0, (Index)(Form.Size + scale - 1) - rest) / scale);
        statements.Add(new DeclareIndex(Count, Index.Max(0, end - First)));
    }

    /// <summary>Declares one index, for positions that are multiples of the stride.</summary>
    private void DeclareSingle(List<Statement> statements, Index position)
    {
        var shifted = position + (Form.Stride * Math.Max(0, -Form.Offset));
        statements.Add(new DeclareIndex(First, (shifted / Form.Stride) - Math.Max(0, -Form.Offset)));
        var isMultiple = (Index)1 - Index.Min(1, shifted % Form.Stride);
        var isInside = Index.Min(1, Index.Max(0, First + 1)) * Index.Min(1, Index.Max(0, (Index)Form.Size - First));
        statements.Add(new DeclareIndex(Count, isMultiple * isInside));
    }

    /// <summary>Declares the elements k with <c>position − scale·k = stride·i</c> for an index i.</summary>
    private void DeclareTaps(List<Statement> statements, Index position)
    {
        var (scale, stride, step) = (Form.Scale, Form.Stride, Step);
        var common = stride / step;
        var lowest = Index.Min(Form.Extent, Index.Max(0, position + (scale - 1 - (stride * (Form.Size - 1)))) / scale);
        var end = Index.Min(Form.Extent, Index.Max(0, position + scale) / scale);

        // The dividend of a remainder must not be negative.
        var lift = Math.Max(0, -Form.Offset) * stride;
        var shifted = position + lift;
        if (step == 1)
        {
            statements.Add(new DeclareIndex(First, lowest));
        }
        else
        {
            var inverse = Enumerable.Range(0, step).First(candidate => candidate * (scale / common) % step == 1);
            var phase = (shifted / common % step) * inverse % step;
            var unaligned = new IndexVariable($"lowest{Axis}");
            statements.Add(new DeclareIndex(unaligned, lowest));
            var above = ((Form.Extent / step) + 1) * step;
            statements.Add(new DeclareIndex(First, unaligned + ((phase + above - unaligned) % step)));
        }

        var count = Index.Max(0, end - First + (step - 1)) / step;
        statements.Add(new DeclareIndex(Count, common == 1 ? count : count * ((Index)1 - Index.Min(1, shifted % common))));
        statements.Add(new DeclareIndex(DependentFirst, Index.Max(0, position - (First * scale)) / stride));
    }

    private static int CommonDivisor(int a, int b) => b == 0 ? a : CommonDivisor(b, a % b);
}

/// <summary>The condition of a window.</summary>
/// <param name="Rest">The terms of the coordinate that depend on the position.</param>
/// <param name="Offset">The constant part of the coordinate.</param>
/// <param name="Scale">The factor of the window element in the coordinate.</param>
/// <param name="Size">The exclusive upper bound of the coordinate; for a window of the result, the extent of the dependent index.</param>
/// <param name="Extent">The number of elements of the window.</param>
internal sealed record WindowForm(EquatableArray<Term> Rest, int Offset, int Scale, int Size, int Extent)
{
    /// <summary>For a window of the result: the factor of the dependent index in the position.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Whether the window is scattered over the result.</summary>
    public bool IsResult { get; init; }
}

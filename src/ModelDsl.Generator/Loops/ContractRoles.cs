using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// The role of each axis of a contraction: batch (in the result, A and B), row (in the result and A), column (in the result and B) or summed (in A and B). A and B are swapped if
/// necessary, so that the columns run along the unit stride of the result. An axis on which the bounds of a window depend is outside all tiles, regardless of which operand it
/// indexes.
/// </summary>
internal sealed class ContractRoles
{
    private ContractRoles(ContractLoops contract, IterationDomain iterations, Operand a, Operand b, int column)
    {
        (Loops, IterationDomain, A, B, Column) = (contract, iterations, a, b, column);
        var inB = Axes(b.Map);
        var kept = iterations.Kept.Where(axis => axis != column).ToArray();
        if (iterations.Positions.Contains(column)) throw new NotSupportedException($"The contraction '{contract.Name}' has windows along its lanes.");
        bool IsOuter(int axis) => inB.Contains(axis) || iterations.Positions.Contains(axis);
        Rows = [.. kept.Where(axis => !IsOuter(axis)).OrderBy(axis => axis)];
        Outer = [.. kept.Where(IsOuter).OrderBy(axis => axis)];
    }

    /// <summary>The iterations as they were given, with windows of the result that overlap.</summary>
    public ContractLoops Loops { get; }

    /// <summary>The loops from which each result is computed once.</summary>
    public IterationDomain IterationDomain { get; }

    /// <summary>The domain, with an axis for each window of the result.</summary>
    public Shape Domain => IterationDomain.Domain;

    /// <summary>The operand whose elements are broadcast to all lanes.</summary>
    public Operand A { get; }

    /// <summary>The operand that is read along the lanes.</summary>
    public Operand B { get; }

    /// <summary>The axis along the lanes.</summary>
    public int Column { get; }

    /// <summary>Whether A also has the column axis, as in a depthwise convolution. Each element of A is then used for one column only.</summary>
    public bool IsColumnInBoth => Axes(A.Map).Contains(Column);

    /// <summary>The axes of the result that only A has.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The axes that are summed over.</summary>
    public IReadOnlyList<int> Summed => IterationDomain.Summed;

    /// <summary>The axes of the result that B has in addition to the column (batch axes and outer columns), and the axes on which bounds depend.</summary>
    public IReadOnlyList<int> Outer { get; }

    /// <summary>Finds the roles of a contraction.</summary>
    /// <param name="contract">The contraction.</param>
    /// <param name="result">The layout of its result.</param>
    /// <param name="known">A summed axis whose bounds the caller knows at each position; −1 for none.</param>
    public static ContractRoles Of(ContractLoops contract, Layout result, int known = -1)
    {
        var iterations = IterationDomain.Of(contract.Name, contract.Domain, contract.Output, contract.Result, contract.Operands, known);
        var column = ColumnOf(contract, iterations, result);
        var isInB = Axes(contract.B.Map).Contains(column);
        return isInB ? new ContractRoles(contract, iterations, contract.A, contract.B, column) : new ContractRoles(contract, iterations, contract.B, contract.A, column);
    }

    /// <summary>
    /// Returns the axis along the unit stride of the result. If that coordinate is a window or a constant, another axis becomes the lanes, and the lanes are not adjacent in
    /// memory.
    /// </summary>
    private static int ColumnOf(ContractLoops contract, IterationDomain iterations, Layout result)
    {
        if (result is Panels panels) return iterations.Output[panels.ColumnAxis].Terms.OrderBy(term => term.Scale).First().Axis;
        var candidates = iterations.Output.Coordinates.Reverse().SelectMany(coordinate => coordinate.Terms.OrderBy(term => term.Scale)).Select(term => term.Axis);
        return candidates.First(axis => !iterations.Domain[axis].IsBatch && !iterations.Positions.Contains(axis) && contract.Operands.Any(operand => Axes(operand.Map).Contains(axis)));
    }

    private static HashSet<int> Axes(IndexMap map) => [.. map.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis)];
}

using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// What each axis of a contraction does: every index is batch (in all three), a row (result and A), a column (result and B) or summed (A and B).
/// A and B are swapped where needed, so that the columns run along the result's unit stride. An axis on which the bounds of a window depend is
/// outside all tiles, whatever reads it.
/// </summary>
internal sealed class ContractRoles
{
    private ContractRoles(ContractNode contract, LoopNest nest, Operand a, Operand b, int column)
    {
        (Contract, Nest, A, B, Column) = (contract, nest, a, b, column);
        var inB = Axes(b.Map);
        var kept = nest.Kept.Where(axis => axis != column).ToArray();
        if (nest.Positions.Contains(column)) throw new NotSupportedException($"The contraction '{contract.Name}' has windows along its lanes.");
        bool IsOuter(int axis) => inB.Contains(axis) || nest.Positions.Contains(axis);
        Rows = [.. kept.Where(axis => !IsOuter(axis)).OrderBy(axis => axis)];
        Outer = [.. kept.Where(IsOuter).OrderBy(axis => axis)];
    }

    public ContractNode Contract { get; }

    /// <summary>The loops from which each result is computed once.</summary>
    public LoopNest Nest { get; }

    /// <summary>The domain, with an axis for each window of the result.</summary>
    public Shape Domain => Nest.Domain;

    /// <summary>The operand whose elements are broadcast to all lanes.</summary>
    public Operand A { get; }

    /// <summary>The operand that is read along the lanes.</summary>
    public Operand B { get; }

    /// <summary>The axis along the lanes.</summary>
    public int Column { get; }

    /// <summary>Whether A runs along the columns too, as in a depthwise convolution: then no element of it serves several columns.</summary>
    public bool IsColumnInBoth => Axes(A.Map).Contains(Column);

    /// <summary>Axes of the result that only A has.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>Axes that are summed over.</summary>
    public IReadOnlyList<int> Summed => Nest.Summed;

    /// <summary>Axes of the result that B has beside the column (batch axes and outer columns), and those on which bounds depend.</summary>
    public IReadOnlyList<int> Outer { get; }

    /// <summary>Finds the roles of a contraction.</summary>
    /// <param name="contract">The contraction.</param>
    /// <param name="result">The layout of its result.</param>
    /// <param name="known">A summed axis whose bounds the caller knows at each position; −1 for none.</param>
    public static ContractRoles Of(ContractNode contract, Layout result, int known = -1)
    {
        var nest = LoopNest.Of(contract.Name, contract.Domain, contract.Output, contract.Shape, contract.Operands, known);
        var column = ColumnOf(contract, nest, result);
        var isInB = Axes(contract.B.Map).Contains(column);
        return isInB ? new ContractRoles(contract, nest, contract.A, contract.B, column) : new ContractRoles(contract, nest, contract.B, contract.A, column);
    }

    /// <summary>
    /// The axis along the result's unit stride. A result with no such axis of its own, because windows or constants stand there, has another as its
    /// lanes, which then do not lie side by side.
    /// </summary>
    private static int ColumnOf(ContractNode contract, LoopNest nest, Layout result)
    {
        if (result is Panels panels) return nest.Output[panels.ColumnAxis].Terms.OrderBy(term => term.Scale).First().Axis;
        var candidates = nest.Output.Coordinates.Reverse().SelectMany(coordinate => coordinate.Terms.OrderBy(term => term.Scale)).Select(term => term.Axis);
        return candidates.First(axis => !nest.Domain[axis].IsBatch && !nest.Positions.Contains(axis) && contract.Operands.Any(operand => Axes(operand.Map).Contains(axis)));
    }

    private static HashSet<int> Axes(IndexMap map) => [.. map.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis)];
}

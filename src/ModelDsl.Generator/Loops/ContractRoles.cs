using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// What each axis of a contraction does: every index is batch (in all three), a row (result and A), a column (result and B) or summed (A and B).
/// A and B are swapped where needed, so that the columns run along the result's unit stride.
/// </summary>
internal sealed class ContractRoles
{
    private ContractRoles(ContractNode contract, Operand a, Operand b, int column)
    {
        Contract = contract;
        A = a;
        B = b;
        Column = column;
        var inOutput = Axes(contract.Output);
        var inA = Axes(a.Map);
        var inB = Axes(b.Map);
        var axes = Enumerable.Range(0, contract.Domain.Rank).Where(axis => axis != column).ToArray();
        Rows = [.. axes.Where(axis => inOutput.Contains(axis) && inA.Contains(axis) && !inB.Contains(axis))];
        Summed = [.. axes.Where(axis => !inOutput.Contains(axis))];
        Outer = [.. axes.Where(axis => inOutput.Contains(axis) && inB.Contains(axis))];
        var isSupported = contract.Output.Coordinates.All(coordinate => coordinate.Axis >= 0)
            && Maps.InBounds(a.Map, contract.Domain, a.Node.Shape) && Maps.InBounds(b.Map, contract.Domain, b.Node.Shape)
            && axes.All(axis => inA.Contains(axis) || inB.Contains(axis));
        if (!isSupported) throw new NotSupportedException($"The contraction '{contract.Name}' has windows that need a schedule of their own.");
    }

    public ContractNode Contract { get; }

    /// <summary>The operand whose elements are spread over the lanes.</summary>
    public Operand A { get; }

    /// <summary>The operand that is read along the lanes.</summary>
    public Operand B { get; }

    /// <summary>The axis along the lanes.</summary>
    public int Column { get; }

    /// <summary>Axes of the result that only A has.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>Axes that are summed over.</summary>
    public IReadOnlyList<int> Summed { get; }

    /// <summary>Axes of the result that B has beside the column: batch axes and outer columns.</summary>
    public IReadOnlyList<int> Outer { get; }

    /// <summary>Finds the roles of a contraction whose result has the given layout.</summary>
    public static ContractRoles Of(ContractNode contract, Layout result)
    {
        var coordinate = result is Panels panels ? panels.ColumnAxis : contract.Output.Rank - 1;
        var column = contract.Output[coordinate].Axis;
        var swap = !Axes(contract.B.Map).Contains(column);
        return swap ? new ContractRoles(contract, contract.B, contract.A, column) : new ContractRoles(contract, contract.A, contract.B, column);
    }

    private static HashSet<int> Axes(IndexMap map) => [.. map.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis)];
}

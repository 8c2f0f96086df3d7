using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// Matrices that products compute and other products sum. Each value [lead…, row, column] is read by maps of that shape, by reductions over its columns and by products that sum
/// its rows or columns. The matrices are computed for a block of rows at a time and never stored.
/// </summary>
/// <param name="Matrix">The shape of the matrices: the axes that number them, the rows and the columns.</param>
/// <param name="Members">All values of the chain, in an order in which they can be computed.</param>
/// <param name="Matrices">The members that are matrices. The others are values of rows, and the sums that are results of the chain.</param>
/// <param name="Form">The form of its products.</param>
internal sealed record Chain(Shape Matrix, IReadOnlyList<Node> Members, HashSet<Node> Matrices, ChainForm Form)
{
    /// <summary>The axis of rows.</summary>
    public int RowAxis => Matrix.Rank - 2;

    /// <summary>The axis of columns.</summary>
    public int ColumnAxis => Matrix.Rank - 1;

    /// <summary>The number of rows.</summary>
    public int Rows => Matrix[RowAxis].Value;

    /// <summary>The number of columns.</summary>
    public int Columns => Matrix[ColumnAxis].Value;

    /// <summary>The index of the operand of a sum that is a matrix.</summary>
    public int OperandOf(ContractNode sum) => Matrices.Contains(sum.A.Node) ? 0 : 1;

    /// <summary>The axes numbering matrices along which a sum has separate results. It sums over all others.</summary>
    public IReadOnlyList<int> LeadOf(ContractNode sum)
    {
        var (kept, map) = (ChainForm.Axes(sum.Output), sum.Operands[OperandOf(sum)].Map);
        return [.. Lead.Where(axis => kept.Contains(map[axis].Axis))];
    }

    /// <summary>The axes that number the matrices.</summary>
    public IEnumerable<int> Lead => Enumerable.Range(0, RowAxis);
}

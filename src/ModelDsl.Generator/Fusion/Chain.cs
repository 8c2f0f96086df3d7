using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// Matrices that products compute and other products sum. Each value [lead…, row, column] is read by maps of that shape, by reductions over its columns and by products that sum
/// its rows or columns. The matrices are computed for a block of rows at a time and never stored.
/// </summary>
/// <param name="Matrix">The shape of the matrices: the axes that number them, the rows and the columns.</param>
/// <param name="Members">All values of the chain, in an order in which they can be computed.</param>
/// <param name="Matrices">The members that are matrices. The others are values of rows, and the sums that are results of the chain.</param>
internal sealed record Chain(Shape Matrix, IReadOnlyList<Node> Members, HashSet<Node> Matrices)
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
        var (kept, map) = (ChainRoles.Axes(sum.Output), sum.Operands[OperandOf(sum)].Map);
        return [.. Lead.Where(axis => kept.Contains(map[axis].Axis))];
    }

    /// <summary>The axes that number the matrices.</summary>
    public IEnumerable<int> Lead => Enumerable.Range(0, RowAxis);
}

/// <summary>The roles of the axes of a chain's products.</summary>
internal static class ChainRoles
{
    /// <summary>The greatest number of columns. A block of longer rows does not fit into the cache of a core.</summary>
    private const int MostColumns = 4096;

    /// <summary>
    /// Whether a product computes matrices of a chain: one operand has their rows and the other their columns, both have the samples, and no access extends beyond an edge.
    /// </summary>
    public static bool IsProducer(ContractNode contract)
    {
        var shape = contract.Shape;
        if (shape.Rank < 3 || !shape.HasBatch || !IsPlain(contract) || shape[shape.Rank - 1].Value is < 2 or > MostColumns) return false;
        var axes = contract.Output.Coordinates.Select(coordinate => coordinate.Axis).ToArray();
        var (row, column) = (axes[axes.Length - 2], axes[axes.Length - 1]);
        var (a, b) = (Axes(contract.A.Map), Axes(contract.B.Map));
        return a.Contains(axes[0]) && b.Contains(axes[0]) && a.Contains(row) != b.Contains(row) && a.Contains(column) != b.Contains(column) && a.Contains(row) != a.Contains(column)
            && Enumerable.Range(0, contract.Domain.Rank).Except(axes).All(axis => a.Contains(axis) && b.Contains(axis));
    }

    /// <summary>Whether a product sums the rows or the columns of matrices that are one of its operands.</summary>
    /// <param name="contract">The product.</param>
    /// <param name="operand">The index of the operand that is the matrices.</param>
    public static bool IsConsumer(ContractNode contract, int operand)
    {
        var (matrix, other) = (contract.Operands[operand], contract.Operands[1 - operand]);
        if (!contract.Shape.HasBatch || !IsPlain(contract) || matrix.Map.Rank < 3 || !IsProjection(matrix, contract.Domain)) return false;
        var (kept, beside) = (Axes(contract.Output), Axes(other.Map));
        var (row, column) = (matrix.Map[matrix.Map.Rank - 2].Axis, matrix.Map[matrix.Map.Rank - 1].Axis);
        if (kept.Contains(row) == kept.Contains(column)) return false;
        var summed = kept.Contains(row) ? column : row;

        // The matrices that a sum runs over come before the rows and columns of each, as in the loops of a task.
        var over = matrix.Map.Coordinates.Take(matrix.Map.Rank - 2).Select(coordinate => coordinate.Axis).Where(axis => !kept.Contains(axis)).ToArray();
        if (over.Any(axis => axis > summed) || !over.OrderBy(axis => axis).SequenceEqual(over)) return false;

        // The other operand has the summed axis and an axis of its own, but not the kept axis of the matrix.
        return beside.Contains(summed) && !beside.Contains(kept.Contains(row) ? row : column) && !kept.Contains(summed)
            && Axes(matrix.Map).Contains(contract.Output[0].Axis) && kept.Except(Axes(matrix.Map)).Any()
            && Enumerable.Range(0, contract.Domain.Rank).Except(Axes(matrix.Map)).All(kept.Contains);
    }

    /// <summary>Whether a product sums the rows of its matrices and not the columns.</summary>
    public static bool SumsRows(ContractNode contract, int operand) => !Axes(contract.Output).Contains(contract.Operands[operand].Map[contract.Operands[operand].Map.Rank - 2].Axis);

    /// <summary>The axes that a map reads.</summary>
    public static HashSet<int> Axes(IndexMap map) => [.. map.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis)];

    /// <summary>Whether an operand is read with one axis of the domain per coordinate, each with its full extent.</summary>
    private static bool IsProjection(Operand operand, Shape domain)
    {
        var axes = operand.Map.Coordinates.Select(coordinate => coordinate.Axis).ToArray();
        return axes.All(axis => axis >= 0) && axes.Distinct().Count() == axes.Length && Enumerable.Range(0, axes.Length).All(k => domain[axes[k]] == operand.Node.Shape[k]);
    }

    /// <summary>Whether each axis of the result is one axis of the domain, and operands are read by one index per axis, within their edges.</summary>
    private static bool IsPlain(ContractNode contract) => IsProjection(new Operand(contract, contract.Output), contract.Domain)
        ? contract.Operands.All(operand => operand.Map.Coordinates.All(coordinate => coordinate.Terms.Count <= 1) && Maps.InBounds(operand.Map, contract.Domain, operand.Node.Shape)
            && Aliases.Source(operand.Node) is not ParameterNode)
        : false;
}

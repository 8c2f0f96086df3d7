using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>Chains of many matrices, such as those of attention. Blocks of rows of up to some ten thousand columns fit into the cache of a core.</summary>
internal sealed class ShortChainForm : ChainForm
{
    /// <summary>The greatest number of columns. A worker has memory for four rows of each matrix of a block: 1 MiB at this number.</summary>
    private const int MostColumns = 1 << 16;

    /// <inheritdoc/>
    /// <remarks>One operand has their rows and the other their columns, both have the samples, and no access extends beyond an edge.</remarks>
    public override bool IsProducer(ContractNode contract)
    {
        var shape = contract.Shape;
        if (shape.Rank < 3 || !shape.HasBatch || !IsOfValues(contract) || shape[shape.Rank - 1].Value is < 2 or > MostColumns) return false;
        var axes = contract.Output.Coordinates.Select(coordinate => coordinate.Axis).ToArray();
        var (row, column) = (axes[axes.Length - 2], axes[axes.Length - 1]);
        var (a, b) = (Axes(contract.A.Map), Axes(contract.B.Map));
        return a.Contains(axes[0]) && b.Contains(axes[0]) && a.Contains(row) != b.Contains(row) && a.Contains(column) != b.Contains(column) && a.Contains(row) != a.Contains(column)
            && Enumerable.Range(0, contract.Domain.Rank).Except(axes).All(axis => a.Contains(axis) && b.Contains(axis));
    }

    /// <inheritdoc/>
    public override bool IsConsumer(ContractNode contract, int operand)
    {
        var (matrix, other) = (contract.Operands[operand], contract.Operands[1 - operand]);
        if (!contract.Shape.HasBatch || !IsOfValues(contract) || matrix.Map.Rank < 3 || !IsProjection(matrix, contract.Domain)) return false;
        var (kept, beside) = (Axes(contract.Output), Axes(other.Map));
        var (row, column) = (matrix.Map[matrix.Map.Rank - 2].Axis, matrix.Map[matrix.Map.Rank - 1].Axis);
        if (kept.Contains(row) == kept.Contains(column)) return false;
        var summed = kept.Contains(row) ? column : row;

        // The matrices that a sum runs over come before the rows and columns of each, as in the loops of a task.
        var over = matrix.Map.Coordinates.Take(matrix.Map.Rank - 2).Select(coordinate => coordinate.Axis).Where(axis => !kept.Contains(axis)).ToArray();
        if (over.Any(axis => axis > summed) || !over.OrderBy(axis => axis).SequenceEqual(over)) return false;

        // The other operand has the summed axis and an axis of its own, but not the kept axis of the matrix. The kept axis is not along the lanes: the last block has fewer rows, or columns.
        var own = kept.Contains(row) ? row : column;
        return beside.Contains(summed) && !beside.Contains(own) && !kept.Contains(summed) && contract.Output[contract.Output.Rank - 1].Axis != own
            && Axes(matrix.Map).Contains(contract.Output[0].Axis) && kept.Except(Axes(matrix.Map)).Any()
            && Enumerable.Range(0, contract.Domain.Rank).Except(Axes(matrix.Map)).All(kept.Contains);
    }

    /// <inheritdoc/>
    public override bool HasIndexInReductions => false;

    /// <inheritdoc/>
    public override bool IsSumOfRows(ReduceNode reduce) => false;

    /// <inheritdoc/>
    public override bool HasIndex(int axis, int rank) => axis >= rank - 2;

    /// <inheritdoc/>
    public override bool CanRead(Node node, int rows, Func<Node, bool> isInside) => true;

    /// <inheritdoc/>
    /// <remarks>All sums that run over several matrices run over the same axes.</remarks>
    public override bool CanRun(Chain chain) => chain.Members.OfType<ContractNode>().Where(member => !chain.Matrices.Contains(member))
        .Select(sum => string.Join(" ", chain.Lead.Except(chain.LeadOf(sum)))).Where(over => over.Length > 0).Distinct().Count() <= 1;

    /// <summary>Whether a product has simple accesses and reads no parameter.</summary>
    private static bool IsOfValues(ContractNode contract) => IsPlain(contract) && contract.Operands.All(operand => Aliases.Source(operand.Node) is not ParameterNode);
}

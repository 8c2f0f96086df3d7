using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>
/// Chains of one matrix with many columns, such as the logits over a large vocabulary. Its rows are the samples, or the positions of all samples; all axes except the last number
/// them. The chain contains the forward and the backward pass of the matrix, so nothing is computed twice.
/// </summary>
internal sealed class LongChainForm : ChainForm
{
    /// <summary>The least number of columns.</summary>
    public const int LeastColumns = 8192;

    /// <inheritdoc/>
    /// <remarks>One operand has the rows and the other the columns.</remarks>
    public override bool IsProducer(ContractNode contract)
    {
        var shape = contract.Shape;
        if (shape.Rank < 2 || !shape.HasBatch || shape[shape.Rank - 1].Value < LeastColumns || !IsPlain(contract)) return false;
        int[] axes = [.. contract.Output.Coordinates.Select(coordinate => coordinate.Axis)];
        var (rows, column) = (axes.Take(axes.Length - 1).ToArray(), axes[axes.Length - 1]);
        var ofRows = Axes(contract.A.Map).Contains(rows[0]) ? 0 : 1;
        var other = Axes(contract.Operands[1 - ofRows].Map);
        return IsFlat(contract.Operands[ofRows], rows, contract.Domain) && !Axes(contract.Operands[ofRows].Map).Contains(column) && other.Contains(column) && !rows.Any(other.Contains)
            && Enumerable.Range(0, contract.Domain.Rank).Except(axes).All(axis => other.Contains(axis) && Axes(contract.Operands[ofRows].Map).Contains(axis));
    }

    /// <inheritdoc/>
    public override bool IsConsumer(ContractNode contract, int operand)
    {
        var (matrix, other) = (contract.Operands[operand], contract.Operands[1 - operand]);
        if (!IsPlain(contract) || !IsProjection(matrix, contract.Domain)) return false;
        int[] axes = [.. matrix.Map.Coordinates.Select(coordinate => coordinate.Axis)];
        var (rows, column) = (axes.Take(axes.Length - 1).ToArray(), axes[axes.Length - 1]);
        var (kept, beside) = (contract.Output.Coordinates.Select(coordinate => coordinate.Axis).ToArray(), Axes(other.Map));
        if (!Enumerable.Range(0, contract.Domain.Rank).Except(axes).All(axis => kept.Contains(axis) && beside.Contains(axis)) || kept.Length == 0) return false;
        return kept.Contains(column)
            ? !rows.Any(kept.Contains) && !beside.Contains(column) && IsFlat(other, rows, contract.Domain)
            : kept.Take(rows.Length).SequenceEqual(rows) && kept.Length > rows.Length && beside.Contains(column) && !rows.Any(beside.Contains);
    }

    /// <inheritdoc/>
    public override bool IsSumOfRows(ReduceNode reduce) => reduce.Op == ReduceOp.Sum && reduce.Output.Rank == 1 && reduce.Output[0].Axis == reduce.Domain.Rank - 1;

    /// <inheritdoc/>
    public override bool HasIndex(int axis, int rank) => axis == rank - 1;

    /// <inheritdoc/>
    public override bool HasIndexInReductions => true;

    /// <inheritdoc/>
    /// <remarks>An operand from outside is the same for all rows, or has one element or row for each of them. Random numbers would be numbered differently.</remarks>
    public override bool CanRead(Node node, int rows, Func<Node, bool> isInside)
    {
        int[] axes = [.. Enumerable.Range(0, rows)];
        return node.Operands.All(operand => isInside(operand.Node)
            || (operand.Node is not RandomNode && (!axes.Any(Axes(operand.Map).Contains) || IsFlat(operand, axes, node.Domain))));
    }

    /// <inheritdoc/>
    public override bool CanRun(Chain chain) => true;

    /// <summary>Whether consecutive rows of an operand have the same distance in memory.</summary>
    private static bool IsFlat(Operand operand, int[] rows, Shape domain)
    {
        int[] axes = [.. operand.Map.Coordinates.Select(coordinate => coordinate.Axis)];
        if (axes.Length < rows.Length || !axes.Take(rows.Length).SequenceEqual(rows) || axes.Distinct().Count() != axes.Length || axes.Any(axis => axis < 0)) return false;
        if (rows.Length == 1) return true;
        if (!Enumerable.Range(0, rows.Length).All(axis => operand.Node.Shape[axis] == domain[rows[axis]])) return false;
        var node = operand.Node;
        while (node is StopGradientNode or AfterNode or ReshapeNode) node = node.Operands[0].Node;
        return node is not ViewNode;
    }
}

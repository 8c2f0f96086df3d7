using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Fusion;

/// <summary>A form of chains: which products compute and sum their matrices, and which other values a block of rows can read.</summary>
internal abstract class ChainForm
{
    /// <summary>Many matrices with short rows. One worker computes a block of rows.</summary>
    public static ChainForm Short { get; } = new ShortChainForm();

    /// <summary>One matrix with long rows. All workers together compute a block of rows.</summary>
    public static ChainForm Long { get; } = new LongChainForm();

    /// <summary>Whether a product computes matrices of a chain.</summary>
    public abstract bool IsProducer(ContractNode contract);

    /// <summary>Whether a product sums the rows or the columns of matrices that are one of its operands.</summary>
    /// <param name="contract">The product.</param>
    /// <param name="operand">The index of the operand that is the matrices.</param>
    public abstract bool IsConsumer(ContractNode contract, int operand);

    /// <summary>Whether a reduction is a sum over the rows of matrices that a chain can contain.</summary>
    public abstract bool IsSumOfRows(ReduceNode reduce);

    /// <summary>Whether an expression can use the index along an axis of matrices.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="rank">The rank of the matrices.</param>
    public abstract bool HasIndex(int axis, int rank);

    /// <summary>Whether reductions can use an index.</summary>
    public abstract bool HasIndexInReductions { get; }

    /// <summary>Whether a block of rows can read the operands of a node that are not values of the chain.</summary>
    /// <param name="node">A map or a reduction.</param>
    /// <param name="rows">The number of axes of its domain that number rows. They come first.</param>
    /// <param name="isInside">Whether an operand is a value of the chain.</param>
    public abstract bool CanRead(Node node, int rows, Func<Node, bool> isInside);

    /// <summary>Whether all sums of a chain can run in its loops.</summary>
    public abstract bool CanRun(Chain chain);

    /// <summary>The axes that a map reads.</summary>
    public static HashSet<int> Axes(IndexMap map) => [.. map.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis)];

    /// <summary>Whether a product sums the rows of its matrices and not the columns.</summary>
    public static bool SumsRows(ContractNode contract, int operand) => !Axes(contract.Output).Contains(contract.Operands[operand].Map[contract.Operands[operand].Map.Rank - 2].Axis);

    /// <summary>Whether an operand is read with one axis of the domain per coordinate, each with its full extent.</summary>
    protected static bool IsProjection(Operand operand, Shape domain)
    {
        var axes = operand.Map.Coordinates.Select(coordinate => coordinate.Axis).ToArray();
        return axes.All(axis => axis >= 0) && axes.Distinct().Count() == axes.Length && Enumerable.Range(0, axes.Length).All(k => domain[axes[k]] == operand.Node.Shape[k]);
    }

    /// <summary>Whether each axis of the result is one axis of the domain, and operands are read by one index per axis, within their edges.</summary>
    protected static bool IsPlain(ContractNode contract) => IsProjection(new Operand(contract, contract.Output), contract.Domain)
        && contract.Operands.All(operand => operand.Map.Coordinates.All(coordinate => coordinate.Terms.Count <= 1) && Maps.InBounds(operand.Map, contract.Domain, operand.Node.Shape));
}

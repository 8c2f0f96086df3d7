using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// Mean and variance of all elements with the same coordinates on the kept axes. The second sum is over the squared distances from the mean of the first sum:
/// these two passes avoid cancellation, even for values far from 0, and both are ordinary sums with a fixed number of partial sums.
/// </summary>
internal sealed class Moments
{
    private readonly string name;
    private readonly int count;
    private readonly bool isOverBatch;
    private readonly Node squares;

    private Moments(string name, Node input, int[] kept)
    {
        this.name = name;
        Kept = kept;
        var domain = input.Shape;
        var summed = Enumerable.Range(0, domain.Rank).Except(kept).ToArray();
        count = summed.Where(axis => !domain[axis].IsBatch).Aggregate(1, (product, axis) => product * domain[axis].Value);
        isOverBatch = summed.Any(axis => domain[axis].IsBatch);
        Mean = Each(name + "Mean", Sum("Sum", Expressions.Input(0), Operand.Whole(input)), mean => mean);
        var difference = Subtract(Expressions.Input(0), Expressions.Input(1));
        squares = Sum("Squares", Multiply(difference, difference), Operand.Whole(input), Read(Mean));

        Node Sum(string what, Expr body, params Operand[] operands) => GraphBuilder.Reduce(
            name + what, ReduceOp.Sum, Shape.Of([.. kept.Select(axis => domain[axis])]), domain, IndexMap.Project(kept), body, operands);
    }

    /// <summary>The axes that are kept, ascending.</summary>
    public int[] Kept { get; }

    public Node Mean { get; }

    /// <param name="name">The name of the layer's nodes.</param>
    /// <param name="input">The values.</param>
    /// <param name="kept">The kept axes, ascending.</param>
    public static Moments Of(string name, Node input, params int[] kept) => new(name, input, kept);

    /// <summary>Reads a value of the kept axes over the domain.</summary>
    public Operand Read(Node node) => new(node, IndexMap.Project(Kept));

    /// <summary>1 / √(variance + ε), with the biased variance.</summary>
    public Node Scale(double epsilon) => Each(name + "Scale", squares, variance => Divide(One, Sqrt(Expressions.Add(variance, Const(epsilon)))));

    /// <summary>The unbiased variance: the sum of squares over the number of values less one.</summary>
    public Node UnbiasedVariance()
    {
        if (!isOverBatch) return GraphBuilder.Pointwise(name + "Variance", Multiply(Expressions.Input(0), Const(1.0 / (count - 1))), squares);

        // 1 / (N·count − 1) = (1/N) / (count − 1/N)
        var inverse = Expressions.Input(1);
        var body = Divide(Multiply(Expressions.Input(0), inverse), Subtract(Const(count), inverse));
        return GraphBuilder.Map(name + "Variance", squares.Shape, body, Operand.Whole(squares), Operand.Whole(new InverseBatchNode()));
    }

    /// <summary>Divides a sum by the number of its terms, and applies a function.</summary>
    private Node Each(string what, Node sum, Func<Expr, Expr> finish) => isOverBatch
        ? GraphBuilder.Map(
            what,
            sum.Shape,
            finish(Multiply(Multiply(Expressions.Input(0), Expressions.Input(1)), Const(1.0 / count))),
            Operand.Whole(sum),
            Operand.Whole(new InverseBatchNode()))
        : GraphBuilder.Pointwise(what, finish(Multiply(Expressions.Input(0), Const(1.0 / count))), sum);
}

using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Simplify;

/// <summary>
/// Σ k·f = k·Σ f for sums over the batch, if k is constant along the summed axes. Each such sum reads a batch from memory; without its factors
/// it is often equal to an existing sum: the gradient of a batch's mean is the gradient of a bias times a number per channel.
/// </summary>
internal static class CommonFactor
{
    public static Node? TakeOut(Node node)
    {
        if (node is not ReduceNode { Op: ReduceOp.Sum } sum || SummedAxes.Of(sum) is not { HasBatch: true } summed) return null;
        if (!sum.Operands.All(operand => Maps.InBounds(operand.Map, sum.Domain, operand.Node.Shape))) return null;
        var factors = Factors(sum.Body);
        var outer = factors.Where(factor => factor is Constant || IsConstant(factor, sum, summed)).ToList();

        // Literals alone are not worth a rewrite.
        if (outer.All(factor => factor is Constant) || outer.Count == factors.Count) return null;

        var inner = GraphBuilder.Reduce(
            sum.Name, sum.Op, sum.Shape, sum.Domain, sum.Output, Product(factors.Where(factor => !outer.Contains(factor))), [.. sum.Operands]);
        var reads = sum.Operands.Select(operand => summed.Touches(operand) ? (Operand?)null : Over(operand, sum)).ToList();
        var leaves = new Expr[reads.Count];
        var operands = new List<Operand> { Operand.Whole(inner) };
        for (var i = 0; i < leaves.Length; i++)
        {
            leaves[i] = Input(operands.Count);
            if (reads[i] is { } read) operands.Add(read);
        }

        return GraphBuilder.Map(sum.Name, sum.Shape, Multiply(Input(0), ExprWalk.Substitute(Product(outer), leaves)), [.. operands]);
    }

    /// <summary>Returns an expression as a product, with the sign as a factor.</summary>
    public static IReadOnlyList<Expr> Factors(Expr expr) => expr switch
    {
        Apply { Op: ScalarOp.Multiply } product => [.. Factors(product.Args[0]), .. Factors(product.Args[1])],
        Apply { Op: ScalarOp.Negate } negation => [.. Factors(negation.Args[0]), Const(-1)],
        _ => [expr],
    };

    private static Expr Product(IEnumerable<Expr> factors) => factors.Aggregate(Multiply);

    private static bool IsConstant(Expr factor, ReduceNode sum, SummedAxes summed)
    {
        var inputs = ExprWalk.Inputs(factor);
        return inputs.Count > 0 && !ExprWalk.All(factor).Any(part => part is AxisIndex)
            && inputs.All(input => sum.Operands[input] is var operand && operand.Map.Rank > 0 && !summed.Touches(operand)
                && operand.Map.Coordinates.All(coordinate => coordinate.Terms.Count <= 1));
    }

    /// <summary>Returns the operand as a function of the result's axes instead of the domain's axes.</summary>
    private static Operand Over(Operand operand, ReduceNode sum)
    {
        var positions = sum.Output.Coordinates.Select(coordinate => coordinate.Axis).ToList();
        return operand with
        {
            Map = new([.. operand.Map.Coordinates.Select(coordinate => coordinate with
            {
                Terms = [.. coordinate.Terms.Select(term => term with { Axis = positions.IndexOf(term.Axis) })],
            })]),
        };
    }
}

using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Simplify;

/// <summary>
/// Σ k·(x − mean x) = 0 where k does not change along the row. Differentiating a variance asks for this sum, through the mean it is taken around;
/// without the rule every normalisation would compute a zero.
/// </summary>
internal static class CenteredSum
{
    public static Node? Drop(Node node)
    {
        if (node is not ReduceNode { Op: ReduceOp.Sum } sum || !IsOverLastAxis(sum)) return null;
        var (body, operands) = Inlined(sum);
        for (var x = 0; x < operands.Count; x++)
        {
            for (var mean = 0; mean < operands.Count; mean++)
            {
                if (IsMeanOf(operands[mean], operands[x], sum) && IsProportional(body, x, mean, operands, sum.Domain.Rank - 1))
                {
                    return GraphBuilder.Map(sum.Name, sum.Shape, Zero);
                }
            }
        }

        return null;
    }

    private static bool IsOverLastAxis(ReduceNode sum) => sum.Output.IsIdentity(sum.Domain.Rank - 1) && sum.Shape == sum.Domain.WithoutLast();

    /// <summary>The term, written out if it is a map of its own.</summary>
    private static (Expr Body, IReadOnlyList<Operand> Operands) Inlined(ReduceNode sum) =>
        sum.Body is Leaf { Input: 0 } && sum.Operands.Count == 1 && sum.Operands[0].Map.IsIdentity(sum.Domain.Rank) && sum.Operands[0].Node is MapNode map
            ? (map.Body, map.Operands)
            : (sum.Body, sum.Operands);

    private static bool IsMeanOf(Operand mean, Operand x, ReduceNode sum)
    {
        var rank = sum.Domain.Rank;
        return x.Map.IsIdentity(rank) && x.Node.Shape == sum.Domain && mean.Map.IsIdentity(rank - 1)
            && mean.Node is MapNode { Operands.Count: 1 } map && map.Operands[0].Map.IsIdentity(rank - 1)
            && map.Body == Multiply(Const(1.0 / sum.Domain[rank - 1].Value), Input(0))
            && map.Operands[0].Node is ReduceNode { Op: ReduceOp.Sum, Body: Leaf { Input: 0 } } total
            && total.Operands.Count == 1 && total.Operands[0] == x && total.Domain == sum.Domain && total.Output == sum.Output;
    }

    // With x − mean as a leaf of its own: linear in it, zero at zero, and free of whatever changes along the row.
    private static bool IsProportional(Expr body, int x, int mean, IReadOnlyList<Operand> operands, int last)
    {
        var centered = operands.Count;
        var difference = Subtract(Input(x), Input(mean));
        var written = ExprWalk.Rewrite(body, expr => expr == difference ? Input(centered) : null);
        var slope = ScalarGradient.Of(written, centered);
        var leaves = Enumerable.Range(0, centered).Select(Input).Append(Zero).ToArray();
        return ExprWalk.Substitute(written, leaves) is Constant { Value: 0 }
            && ExprWalk.All(slope).All(part => part switch
            {
                AxisIndex index => index.Axis != last,
                Leaf leaf => leaf.Input < centered && IsConstantAlong(operands[leaf.Input], last),
                _ => true,
            });
    }

    private static bool IsConstantAlong(Operand operand, int axis) =>
        operand.Map.Coordinates.All(coordinate => coordinate.Terms.All(term => term.Axis != axis));
}

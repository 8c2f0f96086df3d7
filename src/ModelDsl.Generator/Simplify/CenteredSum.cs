using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Simplify;

/// <summary>
/// Σ k·(x − mean x) = 0 if k is constant along the summed axes. The derivative of a variance contains this sum, from the gradient of its mean;
/// without the rule every normalization would compute a zero.
/// </summary>
internal static class CenteredSum
{
    public static Node? Drop(Node node)
    {
        if (node is not ReduceNode { Op: ReduceOp.Sum } sum || SummedAxes.Of(sum) is not { Count: > 0 } summed) return null;
        var (body, operands) = Inlined(sum);
        for (var x = 0; x < operands.Count; x++)
        {
            for (var mean = 0; mean < operands.Count; mean++)
            {
                if (IsMeanOf(operands[mean], operands[x], sum, summed) && IsProportional(body, x, mean, operands, summed))
                {
                    return GraphBuilder.Map(sum.Name, sum.Shape, Zero);
                }
            }
        }

        return null;
    }

    /// <summary>Returns the term; the body of a map if it is one.</summary>
    private static (Expr Body, IReadOnlyList<Operand> Operands) Inlined(ReduceNode sum) =>
        sum.Body is Leaf { Input: 0 } && sum.Operands.Count == 1 && sum.Operands[0].Map.IsIdentity(sum.Domain.Rank) && sum.Operands[0].Node is MapNode map
            ? (map.Body, map.Operands)
            : (sum.Body, sum.Operands);

    private static bool IsMeanOf(Operand mean, Operand x, ReduceNode sum, SummedAxes summed) =>
        x.Map.IsIdentity(sum.Domain.Rank) && x.Node.Shape == sum.Domain && mean.Map == sum.Output
        && mean.Node is MapNode map && TotalOf(map, summed) is { } total
        && total.Operands[0] == x && total.Domain == sum.Domain && total.Output == sum.Output;

    /// <summary>Returns the sum that a map divides by the number of its terms.</summary>
    private static ReduceNode? TotalOf(MapNode map, SummedAxes summed)
    {
        var (scale, perBatch, total) = (1.0, 0, (ReduceNode?)null);
        foreach (var factor in CommonFactor.Factors(map.Body))
        {
            var operand = factor is Leaf leaf ? map.Operands[leaf.Input] : (Operand?)null;
            if (factor is Constant constant) scale *= constant.Value;
            else if (operand is { Node: InverseBatchNode }) perBatch++;
            else if (total is null && operand is { Node: ReduceNode { Op: ReduceOp.Sum, Body: Leaf { Input: 0 }, Operands.Count: 1 } sum } && operand.Value.Map.IsIdentity(map.Shape.Rank)) total = sum;
            else return null;
        }

        return scale == 1.0 / summed.Terms && perBatch == (summed.HasBatch ? 1 : 0) ? total : null;
    }

    // With x − mean as a leaf: linear in it, zero at zero, and independent of everything that changes along the summed axes.
    private static bool IsProportional(Expr body, int x, int mean, IReadOnlyList<Operand> operands, SummedAxes summed)
    {
        var centered = operands.Count;
        var difference = Subtract(Input(x), Input(mean));
        var written = ExprWalk.Rewrite(body, expr => expr == difference ? Input(centered) : null);
        var slope = ScalarGradient.Of(written, centered);
        var leaves = Enumerable.Range(0, centered).Select(Input).Append(Zero).ToArray();
        return ExprWalk.Substitute(written, leaves) is Constant { Value: 0 }
            && ExprWalk.All(slope).All(part => part switch
            {
                AxisIndex index => !summed.Contains(index.Axis),
                Leaf leaf => leaf.Input < centered && !summed.Touches(operands[leaf.Input]),
                _ => true,
            });
    }
}

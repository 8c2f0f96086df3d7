using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>Attention without parameters, as a function of queries, keys and values.</summary>
internal static class AttentionFunction
{
    /// <summary>[N, T, heads, d], [N, S, groups, d] and [N, S, groups, e] → [N, T, heads, e]; with one head the axis of heads may be omitted. Null after an error was reported.</summary>
    /// <param name="scope">The call.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="values">The values.</param>
    /// <param name="bias">What is added to the scores; null for nothing.</param>
    public static LayerValue? Lower(LayerScope scope, LayerValue queries, LayerValue keys, LayerValue values, LayerValue? bias = null)
    {
        if (AttentionRule.Of(scope.Call, scope) is not { } rule) return null;
        foreach (var value in new[] { queries, keys, values })
        {
            if (!TensorFunctions.AreNumbers(scope with { Input = value }, value)) return null;
            if (!value.Shape.HasBatch || value.Shape.Rank is not (3 or 4)) return (scope with { Input = value }).NotAccepted("positions of each sample, [N, T, d] or [N, T, heads, d]", "");
        }

        var (q, k, v) = (WithHeads(scope, queries), WithHeads(scope, keys), WithHeads(scope, values));
        if (queries.Shape.Rank != keys.Shape.Rank || q.Shape[3] != k.Shape[3]) return Misfit(scope, queries, keys, "queries and keys agree in their last axis, whose products are summed");
        if (keys.Shape.Rank != values.Shape.Rank || k.Shape[1] != v.Shape[1] || k.Shape[2] != v.Shape[2])
        {
            return Misfit(scope, keys, values, "there is a value for each key: they agree in positions and heads");
        }

        if (q.Shape[2].Value % k.Shape[2].Value != 0) return Misfit(scope, queries, keys, "the heads of the keys divide those of the queries");
        if ((rule.Causal || rule.Window > 0) && q.Shape[1] != k.Shape[1]) return Misfit(scope, queries, keys, "causal and window compare positions of one sequence, so both have the same length");
        if (!scope.Fits("The scores of the attention", q.Shape[2].Value, q.Shape[1].Value, k.Shape[1].Value)) return null;
        if (bias is not null)
        {
            if (!TensorFunctions.AreNumbers(scope with { Input = bias }, bias)) return null;
            var scores = new Shape([Extent.Batch, q.Shape[2], q.Shape[1], k.Shape[1]]);
            if (Broadcasting.Join(scores, bias.Shape) != scores)
                return Misfit(scope, queries, bias, $"the bias is added to the scores, {LayerValue.TextOf(scores, isSequence: false)}: it has this shape, or lacks some of the leading axes, or has one element along an axis");
        }

        var result = new Attention(scope, rule, keys.Mask, bias?.Node).Lower(q, k, v);
        var shape = queries.Shape.WithLast(values.Width);
        return (queries with { Node = GraphBuilder.Reshape(scope.NodeName, shape, result) }).After(scope.Path, scope.Call.Site);
    }

    private static Node WithHeads(LayerScope scope, LayerValue value) => value.Shape.Rank == 4
        ? value.Node
        : GraphBuilder.Reshape(scope.NodeName + "Head", Shape.Of(Extent.Batch, value.Shape[1], 1, value.Shape[2]), value.Node);

    private static LayerValue? Misfit(LayerScope scope, LayerValue left, LayerValue right, string reason) => scope.Report(Problem.At(
        Descriptors.OperandShapes.Id,
        scope.Call.Site,
        scope.Call.Kind,
        $"'{left.Producer}'",
        left.ShapeText,
        $"'{right.Producer}'",
        right.ShapeText,
        $"{left.Trail} and {right.Trail}",
        LayerScope.After(reason)).With(left.Trail!.Site, right.Trail!.Site));
}

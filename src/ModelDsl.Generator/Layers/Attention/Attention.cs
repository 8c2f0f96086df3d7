using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// Scaled dot-product attention as two contractions with a softmax between them. The score of an excluded key is −10³⁰: it is finite, so that the logarithm of a row without
/// allowed keys is finite, and small enough to add nothing to a sum with an allowed key.
/// </summary>
/// <param name="scope">The layer or function.</param>
/// <param name="rule">The keys that each query attends to.</param>
/// <param name="keys">The mask of keys; null if all keys are allowed.</param>
/// <param name="bias">Numbers that are added to the scores [N, heads, T, S], some of whose axes they may lack; null for none.</param>
internal sealed class Attention(LayerScope scope, AttentionRule rule, PositionMask? keys, Node? bias = null)
{
    private const double Excluded = -1e30;

    // Where keys are excluded, a bias is not below Excluded, and the score of an excluded key is far below that: so a row whose allowed keys all have the least bias attends to these.
    private const double ExcludedBelowBias = -1e36;

    private double Exclusion => bias is null ? Excluded : ExcludedBelowBias;

    /// <summary>The weighted means of the values: [N, T, heads, d], [N, S, groups, d] and [N, S, groups, e] → [N, T, heads, e].</summary>
    /// <param name="query">The queries. The number of their heads is a multiple of the number of heads of keys and values; consecutive heads share a head of keys and values.</param>
    /// <param name="key">The keys.</param>
    /// <param name="value">The values.</param>
    public Node Lower(Node query, Node key, Node value)
    {
        var (heads, groups, size) = (query.Shape[2].Value, key.Shape[2].Value, query.Shape[3].Value);
        var (length, source, width) = (query.Shape[1], key.Shape[1], value.Shape[3]);

        // The axes of heads: the group and, if a group has several heads, the head in its group.
        var isGrouped = groups < heads;
        Extent[] headAxes = isGrouped ? [groups, heads / groups] : [heads];
        var grouped = GraphBuilder.Reshape(scope.NodeName + "Queries", new Shape([Extent.Batch, length, .. headAxes, size]), query);
        var last = headAxes.Length;
        int[] head = [.. Enumerable.Range(1, last)];
        var (queryAxis, keyAxis, inner) = (last + 1, last + 2, last + 3);
        var shape = new Shape([Extent.Batch, .. headAxes, length, source]);

        var products = GraphBuilder.Contract(
            scope.NodeName + "Products",
            shape,
            new Shape([.. shape.Extents, size]),
            IndexMap.Identity(shape.Rank),
            new Operand(grouped, IndexMap.Project([0, queryAxis, .. head, inner])),
            new Operand(key, IndexMap.Project(0, keyAxis, 1, inner)));
        var weights = Weights(Scores(products, Math.Sqrt(size), head, queryAxis, keyAxis));

        // In the result the heads are next to their values, so that merging them copies nothing. The indices are in the order of the weights, so sums in the backward pass are
        // too.
        var result = new Shape([Extent.Batch, length, .. headAxes, width]);
        var (widthAxis, sourceAxis) = (last + 2, last + 3);
        var sum = GraphBuilder.Contract(
            scope.NodeName + "Values",
            result,
            new Shape([Extent.Batch, .. headAxes, length, width, source]),
            IndexMap.Project([0, queryAxis, .. head, widthAxis]),
            new Operand(weights, IndexMap.Project([0, .. head, queryAxis, sourceAxis])),
            new Operand(value, IndexMap.Project(0, sourceAxis, 1, widthAxis)));
        return GraphBuilder.Reshape(scope.NodeName + "Heads", Shape.Of(Extent.Batch, length, heads, width), sum);
    }

    private Node Scores(Node products, double root, int[] head, int queryAxis, int keyAxis)
    {
        var shape = products.Shape;
        var reads = new List<Operand> { Operand.Whole(products) };
        var score = Multiply(Input(0), Const(1 / root));
        if (rule.Alibi)
        {
            var extents = Shape.Of([.. head.Select(axis => shape[axis])]);
            var slopes = scope.State.Constant(extents, AttentionRule.Slopes(extents.Length).ToEquatableArray());
            score = Subtract(score, Multiply(Input(reads.Count), Abs(Subtract(Index(queryAxis), Index(keyAxis)))));
            reads.Add(new Operand(slopes, IndexMap.Project(head)));
        }

        var allowed = rule.Allows(queryAxis, keyAxis);
        if (bias is not null)
        {
            var summand = Input(reads.Count);
            score = Add(score, allowed is null && keys is null ? summand : Maximum(summand, Const(Excluded)));
            reads.Add(Broadcasting.Read(scope.NodeName + "Bias", Grouped(bias, [.. head.Select(axis => shape[axis])]), shape));
        }

        if (keys is not null)
        {
            var counts = Less(Zero, Input(reads.Count));
            reads.Add(new Operand(keys.Node, IndexMap.Project(0, keyAxis)));
            allowed = allowed is null ? counts : Build(ScalarOp.And, allowed, counts);
        }

        return GraphBuilder.Map(scope.NodeName + "Scores", shape, allowed is null ? score : Select(allowed, score, Const(Exclusion)), [.. reads]);
    }

    /// <summary>Returns the bias with the axes of heads that the scores have.</summary>
    private Node Grouped(Node given, Extent[] heads)
    {
        var axis = given.Shape.Rank - 3;
        if (heads.Length == 1 || axis < 0 || given.Shape[axis].IsBatch) return given;
        Extent[] own = given.Shape[axis].Value == 1 ? [1, 1] : heads;
        return GraphBuilder.Reshape(scope.NodeName + "Bias", new Shape([.. given.Shape.Extents.Take(axis), .. own, .. given.Shape.Extents.Skip(axis + 1)]), given);
    }

    /// <summary>The softmax of the scores; 0 for every key if no key is allowed.</summary>
    private Node Weights(Node scores)
    {
        var logSum = GraphBuilder.LogSumExp(scope.NodeName + "LogSumExp", scores);
        var softmax = Exp(Subtract(Input(0), Input(1)));
        if (keys is not null) softmax = Select(Less(Const(Exclusion / 2), Input(0)), softmax, Zero);
        var weights = GraphBuilder.Pointwise(scope.NodeName + "Weights", softmax, scores, logSum);
        return scope.Training && rule.Dropout > 0 ? DropoutLayer.Drop(scope, scope.NodeName + "Dropped", weights, rule.Dropout) : weights;
    }
}

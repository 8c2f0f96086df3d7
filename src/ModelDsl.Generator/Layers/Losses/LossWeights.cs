using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>Weights of samples and classes in the mean of a loss.</summary>
internal static class LossWeights
{
    /// <summary>
    /// Returns losses whose mean over all elements is <c>Σ w·l / Σ w</c>. If the sum of the weights is 0, the mean is 0, and so are its gradients. If a weight is NaN, the mean is NaN too.
    /// </summary>
    /// <param name="losses">The losses, in which the weights of classes are already factors.</param>
    /// <param name="mask">The elements that count; null if all do.</param>
    /// <param name="classes">The weight of each element's class; null if classes have none.</param>
    /// <param name="samples">The weight of each sample, [N], or of each element or position; null if there are none.</param>
    public static Node Weigh(Node losses, PositionMask? mask, Node? classes, Node? samples)
    {
        Node[] active = [.. new[] { mask?.Node, samples }.OfType<Node>()];
        Node[] factors = [.. active, .. new[] { classes }.OfType<Node>()];
        var weights = Product(factors);
        var sum = GraphBuilder.Mean("share", weights);
        var scale = GraphBuilder.Pointwise("scale", Select(Equal(Input(0), Zero), Zero, Divide(One, Input(0))), sum);
        var scaled = samples is null ? Multiply(Input(0), Input(1)) : Multiply(Multiply(Input(0), Input(2)), Input(1));
        if (active.Length == 0) return GraphBuilder.Pointwise("losses", scaled, losses, scale);
        var body = Select(Equal(Input(3), Zero), Zero, scaled);
        return GraphBuilder.Pointwise("losses", body, losses, scale, samples ?? active[0], Product(active));
    }

    /// <summary>Returns the weights that a <c>[Loss]</c> method passes, in a shape that begins like that of the losses; null after reporting.</summary>
    public static Node? Given(LayerScope scope, LayerValue output, Node losses, LayerValue weights)
    {
        if (!TensorFunctions.AreNumbers(scope, weights)) return null;
        if (weights.Shape.Rank <= losses.Shape.Rank && Enumerable.Range(0, weights.Shape.Rank).All(axis => weights.Shape[axis] == losses.Shape[axis])) return weights.Node;

        // A sample has at least one axis, so one weight per sample is [N, 1].
        if (weights.Shape == Shape.Batch(1)) return GraphBuilder.Reshape("weight", Shape.Batch(), weights.Node);
        return LossTargets.Misfit(scope, output, weights, $"there is one weight for each sample, {Shape.Batch(1)}{Others(losses.Shape, output.IsSequence)}");
    }

    /// <summary>Returns the shapes of weights beside <c>[N, 1]</c>, as the rest of a sentence.</summary>
    private static string Others(Shape losses, bool isSequence)
    {
        if (losses.Rank == 1 || losses == Shape.Batch(1)) return "";
        string[] texts = [.. Enumerable.Range(2, losses.Rank - 1).Select(rank => LayerValue.TextOf(new([.. losses.Extents.Take(rank)]), isSequence))];
        var positions = texts.Length == 1 ? "" : $", one for each position, {string.Join(" or ", texts.Take(texts.Length - 1))}";
        return $"{positions}, or one for each loss, {texts[texts.Length - 1]}";
    }

    /// <summary>Returns the product of values. Each has the first axes of the one with most axes.</summary>
    private static Node Product(Node[] factors)
    {
        Node[] ordered = [.. factors.OrderByDescending(factor => factor.Shape.Rank)];
        return ordered.Length == 1 ? ordered[0]
            : GraphBuilder.Pointwise("weights", Enumerable.Range(1, ordered.Length - 1).Aggregate(Input(0), (product, factor) => Multiply(product, Input(factor))), ordered);
    }
}

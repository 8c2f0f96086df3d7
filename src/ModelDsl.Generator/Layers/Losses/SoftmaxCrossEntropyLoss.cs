using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// −Σₖ tₖ · log softmax(y)ₖ over the last axis, averaged over all others. With l = log Σ exp y and a class index c it is l − y_c, so the forward pass computes no
/// softmax. The gradient is softmax(y) minus the one-hot label, which is a comparison of indices and is never stored.
/// </summary>
internal sealed class SoftmaxCrossEntropyLoss : LossLayer
{
    public override string Kind => "SoftmaxCrossEntropy";

    protected override string Applies(LayerCall call) => "Softmax";

    protected override LossTerms? Compare(LayerCall call, LayerScope scope, LayerValue output, object? target)
    {
        var smoothing = call.Number("labelSmoothing", 0);
        if (!scope.Require(smoothing is >= 0 and < 1, "labelSmoothing", "at least 0 and less than 1")) return null;
        if (output.Width < 2)
        {
            const string Binary = "BinaryCrossEntropy";
            LossTargets.Misfit(
                call, scope, "", "at least two classes", $"with one logit per sample use [{Binary}], or make the last layer as wide as there are classes",
                Repair.Write(call.Site, Binary, $"Write [{Binary}]"));
            return null;
        }

        var given = target as LayerValue;
        var soft = given is null ? call.Flag("softTargets") : given.Node.Type == ElementType.Float;
        if (!LabelLayer.Ignored(call, scope, out var ignored)) return null;
        if (!scope.Require(!soft || ignored is null, "ignore", "left out with SoftTargets: probabilities of a sample have no value that could mean there is none")) return null;
        var logits = output.Node;
        var normalizer = GraphBuilder.LogSumExp("logSumExp", logits);
        var truth = soft ? Probabilities(scope, output, given) : Labels(scope, output, given, normalizer.Shape, ignored);
        if (truth is null) return null;
        var losses = soft ? OfProbabilities(output, truth, normalizer, smoothing) : OfClasses(output, truth, normalizer, smoothing);
        var probabilities = GraphBuilder.Pointwise("probabilities", Exp(Subtract(Input(0), Input(1))), logits, normalizer);
        return new LossTerms(losses, probabilities, soft ? "SoftClasses" : "Classes")
        {
            Target = truth,
            Mask = (given is null || soft ? ignored : given.Ignored) is { } label ? PositionMask.Of(truth, label) : null,
        };
    }

    private static Node? Labels(LayerScope scope, LayerValue output, LayerValue? given, Shape shape, int? ignored)
    {
        if (given is null)
        {
            var isSequence = output.IsSequence && output.Shape.Rank > 2;
            return scope.State.AddColumn(true, "label", shape, ElementType.Int, output.Width, isSequence, ignored, isSequence ? output.Mask?.Padding : null).Node;
        }

        // A single label per sample may be a slice of several labels.
        var labels = given.Shape == Shape.Batch(1) && shape == Shape.Batch() ? GraphBuilder.Reshape("label", shape, given.Node) : given.Node;
        if (labels.Shape != shape) return LossTargets.Misfit(scope, output, given, $"class indices have the shape of the logits without the last axis, {LayerValue.TextOf(shape, output.IsSequence)}");
        return given.Bound > output.Width ? LossTargets.Misfit(scope, output, given, $"there are {output.Width} logits, but classes up to {given.Bound - 1}") : labels;
    }

    private static Node? Probabilities(LayerScope scope, LayerValue output, LayerValue? given) => given is null
        ? scope.State.AddColumn(true, "target", output.Shape, ElementType.Float, 0, output.IsSequence).Node
        : LossTargets.Given(scope, output, given);

    /// <summary>l − Σₖ wₖ·yₖ with wₖ = (1 − ε)·[k = c] + ε / classes.</summary>
    private static Node OfClasses(LayerValue output, Node labels, Node normalizer, double smoothing)
    {
        var logits = output.Node;
        var classes = output.Width;
        var isLabel = Equal(Index(logits.Shape.Rank - 1), Input(1));
        var (hit, miss) = (Const(1 - smoothing + (smoothing / classes)), Const(smoothing / classes));
        var weighted = Select(isLabel, Multiply(hit, Input(0)), Multiply(miss, Input(0)));
        var picked = GraphBuilder.ReduceLast(
            "labelLogit", ReduceOp.Sum, logits.Shape, weighted, Operand.Whole(logits), Operand.Whole(labels));
        return GraphBuilder.Pointwise("losses", Subtract(Input(0), Input(1)), normalizer, picked);
    }

    /// <summary>Σₖ tₖ·(l − yₖ), where smoothed targets are tₖ·(1 − ε) + ε / classes.</summary>
    private static Node OfProbabilities(LayerValue output, Node target, Node normalizer, double smoothing)
    {
        var logits = output.Node;
        var smoothed = Add(Multiply(Input(2), Const(1 - smoothing)), Const(smoothing / output.Width));
        return GraphBuilder.ReduceLast(
            "losses",
            ReduceOp.Sum,
            logits.Shape,
            Multiply(smoothed, Subtract(Input(1), Input(0))),
            Operand.Whole(logits),
            Operand.Whole(normalizer),
            Operand.Whole(target));
    }
}

using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// −Σₖ tₖ · log softmax(y)ₖ over the last axis, averaged over all others. With l = log Σ exp y and a class index c it is l − y_c: no softmax is
/// computed forward, and the gradient is softmax(y) minus the one-hot label, which is a comparison of indices and never stored.
/// </summary>
internal sealed class SoftmaxCrossEntropyLoss : LossLayer
{
    public override string Kind => "SoftmaxCrossEntropy";

    public override LossValue? LowerLoss(LayerCall call, LayerScope scope, Value output)
    {
        var smoothing = call.Number("labelSmoothing", 0);
        if (!scope.Require(smoothing is >= 0 and < 1, "labelSmoothing", "at least 0 and less than 1")) return null;
        if (output.Width < 2)
        {
            const string Binary = "BinaryCrossEntropy";
            Targets.Misfit(
                call, scope, "", "at least two classes", $"with one logit per sample use [{Binary}], or make the last layer as wide as there are classes",
                Repair.Write(call.Site, Binary, $"Write [{Binary}]"));
            return null;
        }

        var soft = call.Flag("softTargets");
        var logits = output.Node;
        var normalizer = GraphBuilder.LogSumExp("logSumExp", logits);
        var losses = soft ? OfProbabilities(scope, output, normalizer, smoothing) : OfClasses(scope, output, normalizer, smoothing);
        var link = GraphBuilder.Pointwise("probabilities", Exp(Subtract(Input(0), Input(1))), logits, normalizer);
        return new LossValue(GraphBuilder.Mean("loss", losses), link, soft ? "SoftClasses" : "Classes");
    }

    /// <summary>l − Σₖ wₖ·yₖ with wₖ = (1 − ε)·[k = c] + ε / classes.</summary>
    private static Node OfClasses(LayerScope scope, Value output, Node normalizer, double smoothing)
    {
        var logits = output.Node;
        var classes = output.Width;
        var labels = scope.State.AddColumn(true, "label", normalizer.Shape, ElementType.Int, classes, output.IsSequence && logits.Shape.Rank > 2).Node;
        var isLabel = Equal(Index(logits.Shape.Rank - 1), Input(1));
        var (hit, miss) = (Const(1 - smoothing + (smoothing / classes)), Const(smoothing / classes));
        var weighted = Select(isLabel, Multiply(hit, Input(0)), Multiply(miss, Input(0)));
        var picked = GraphBuilder.ReduceLast(
            "labelLogit", ReduceOp.Sum, logits.Shape, weighted, Operand.Whole(logits), Operand.Whole(labels));
        return GraphBuilder.Pointwise("losses", Subtract(Input(0), Input(1)), normalizer, picked);
    }

    /// <summary>Σₖ tₖ·(l − yₖ), targets smoothed to tₖ·(1 − ε) + ε / classes.</summary>
    private static Node OfProbabilities(LayerScope scope, Value output, Node normalizer, double smoothing)
    {
        var logits = output.Node;
        var target = scope.State.AddColumn(true, "target", logits.Shape, ElementType.Float, 0, output.IsSequence).Node;
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

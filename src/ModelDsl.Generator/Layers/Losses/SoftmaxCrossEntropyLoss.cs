using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
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
        if (!ClassWeights(call, scope, output, out var weights)) return null;
        var truth = soft ? Probabilities(scope, output, given) : Labels(scope, output, given, normalizer.Shape, ignored);
        if (truth is null) return null;
        var losses = soft ? OfProbabilities(output, truth, normalizer, smoothing, weights)
            : weights is not null ? OfWeightedClasses(output, truth, normalizer, smoothing, weights)
            : OfClasses(output, truth, normalizer, smoothing);
        if (weights is not null && !soft && truth is InputNode column) scope.State.ClassWeights[column.Column] = call.Numbers("classWeights");
        var probabilities = GraphBuilder.Pointwise("probabilities", Exp(Subtract(Input(0), Input(1))), logits, normalizer);
        return new LossTerms(losses, probabilities, soft ? "SoftClasses" : "Classes")
        {
            Target = truth,
            ClassWeights = weights is null || soft ? null : OfLabels(output, truth, weights),
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

    /// <summary>Gets the weights of the classes, [classes], or null if there are none; false after reporting.</summary>
    private static bool ClassWeights(LayerCall call, LayerScope scope, LayerValue output, out ConstantNode? weights)
    {
        weights = null;
        var given = call.Numbers("classWeights");
        if (given.Count == 0) return true;
        if (given.Count != output.Width)
        {
            scope.Report(Problem.At(
                Descriptors.ClassWeights.Id,
                call.SiteOf("classWeights"),
                given.Count.ToString(LayerNames.Invariant),
                scope.Producer,
                output.ShapeText,
                output.Width.ToString(LayerNames.Invariant)).With(output.Trail!.Site));
            return false;
        }

        if (!scope.Require(given.All(weight => weight is >= 0 and < double.PositiveInfinity) && given.Any(weight => weight > 0), "classWeights", "weights that are finite and not negative, and not all 0")) return false;
        weights = scope.State.Constant(Shape.Of(output.Width), given.ToEquatableArray());
        return true;
    }

    /// <summary>The weight of the class of each label; 0 for a label that is no class.</summary>
    private static Node OfLabels(LayerValue output, Node labels, Node weights)
    {
        var domain = output.Shape;
        var body = Select(Equal(Index(domain.Rank - 1), Input(0)), Input(1), Zero);
        return GraphBuilder.ReduceLast("classWeight", ReduceOp.Sum, domain, body, Operand.Whole(labels), Operand.Trailing(weights, domain.Rank));
    }

    /// <summary>Σₖ wₖ·sₖ·(l − yₖ) with the smoothed labels sₖ = (1 − ε)·[k = c] + ε / classes.</summary>
    private static Node OfWeightedClasses(LayerValue output, Node labels, Node normalizer, double smoothing, Node weights)
    {
        var (logits, classes) = (output.Node, output.Width);
        var share = Select(Equal(Index(logits.Shape.Rank - 1), Input(2)), Const(1 - smoothing + (smoothing / classes)), Const(smoothing / classes));
        return GraphBuilder.ReduceLast(
            "losses",
            ReduceOp.Sum,
            logits.Shape,
            Multiply(Multiply(Input(3), share), Subtract(Input(1), Input(0))),
            Operand.Whole(logits),
            Operand.Whole(normalizer),
            Operand.Whole(labels),
            Operand.Trailing(weights, logits.Shape.Rank));
    }

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

    /// <summary>Σₖ tₖ·(l − yₖ), where smoothed targets are tₖ·(1 − ε) + ε / classes; with weights of classes Σₖ wₖ·tₖ·(l − yₖ).</summary>
    private static Node OfProbabilities(LayerValue output, Node target, Node normalizer, double smoothing, Node? weights)
    {
        var logits = output.Node;
        var smoothed = Add(Multiply(Input(2), Const(1 - smoothing)), Const(smoothing / output.Width));
        return GraphBuilder.ReduceLast(
            "losses",
            ReduceOp.Sum,
            logits.Shape,
            Multiply(weights is null ? smoothed : Multiply(Input(3), smoothed), Subtract(Input(1), Input(0))),
            [Operand.Whole(logits), Operand.Whole(normalizer), Operand.Whole(target), .. weights is null ? Array.Empty<Operand>() : [Operand.Trailing(weights, logits.Shape.Rank)]]);
    }
}

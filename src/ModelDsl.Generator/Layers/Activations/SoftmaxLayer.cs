using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// exp(x − log Σ exp x) over the last axis. With a mask, x is −10³⁰ for elements that do not count. This is finite, so that the logarithm and the gradients are finite
/// even if no element counts, and small enough to add nothing to a sum in which any element counts. Results that do not count are 0, and so are their gradients.
/// </summary>
/// <param name="mask">Not 0 for the elements that count; null if all count.</param>
internal sealed class SoftmaxLayer(LayerValue? mask = null) : Layer
{
    private const double Nothing = -1e30;

    public override string Kind => "Softmax";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        if (mask is null)
        {
            var logSum = GraphBuilder.LogSumExp(scope.NodeName + "LogSumExp", input.Node);
            return input with { Node = GraphBuilder.Pointwise(scope.NodeName, Exp(Subtract(Input(0), Input(1))), input.Node, logSum) };
        }

        if (!TensorFunctions.AreNumbers(scope, mask)) return null;
        if (Broadcasting.Join(input.Shape, mask.Shape) != input.Shape) return Misfit(scope, input, mask);
        var left = Equal(Input(1), Zero);
        var scores = Broadcasting.Map(scope.NodeName + "Scores", input.Shape, Select(left, Const(Nothing), Input(0)), input.Node, mask.Node);
        var normalizer = GraphBuilder.LogSumExp(scope.NodeName + "LogSumExp", scores);
        var body = Select(left, Zero, Exp(Subtract(Input(0), Input(2))));
        var counts = Broadcasting.Read(scope.NodeName, mask.Node, input.Shape);
        return input with { Node = GraphBuilder.Map(scope.NodeName, input.Shape, body, Operand.Whole(scores), counts, Operand.Whole(normalizer)) };
    }

    private static LayerValue? Misfit(LayerScope scope, LayerValue input, LayerValue mask) => scope.Report(Problem.At(
        Descriptors.OperandShapes.Id,
        scope.Call.Site,
        "Softmax",
        $"'{input.Producer}'",
        input.ShapeText,
        $"the mask '{mask.Producer}'",
        mask.ShapeText,
        $"{input.Trail} and {mask.Trail}",
        LayerScope.After("a mask has the shape of what it masks, or lacks some of its leading axes, or has one element along an axis: scores [N, T, T] take a mask [T, T]"))
        .With(input.Trail!.Site, mask.Trail!.Site));
}

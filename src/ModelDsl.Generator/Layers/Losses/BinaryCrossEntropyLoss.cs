using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// −t·log σ(y) − (1 − t)·log(1 − σ(y)), averaged over all elements. The form log(1 + eʸ) − y·t neither overflows nor cancels, and its gradient is
/// σ(y) − t. With a weight p of positive decisions, the first term is multiplied by p.
/// </summary>
internal sealed class BinaryCrossEntropyLoss : ElementwiseLoss
{
    public override string Kind => "BinaryCrossEntropy";

    protected override string Measures(LayerCall call) => "Binary";

    protected override string Applies(LayerCall call) => "Sigmoid";

    protected override Expr? Body(LayerCall call, LayerScope scope)
    {
        var smoothing = call.Number("labelSmoothing", 0);
        if (!scope.Require(smoothing is >= 0 and < 1, "labelSmoothing", "at least 0 and less than 1")) return null;
        var positive = call.Number("positiveWeight", 1);
        if (!scope.Require(positive is > 0 and < double.PositiveInfinity, "positiveWeight", "positive and finite")) return null;
        var target = Add(Multiply(Input(1), Const(1 - smoothing)), Const(smoothing / 2));
        if (positive == 1) return Subtract(Softplus(Input(0)), Multiply(Input(0), target));

        // −p·t·log σ(y) − (1 − t)·log(1 − σ(y)) with log σ(y) = −log(1 + e⁻ʸ): neither term cancels.
        return Add(Multiply(Multiply(Const(positive), target), Softplus(Negate(Input(0)))), Multiply(Subtract(One, target), Softplus(Input(0))));
    }

    protected override Node Activate(LayerCall call, Node output) => GraphBuilder.Pointwise("probabilities", Sigmoid(Input(0)), output);
}

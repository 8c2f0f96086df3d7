using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// −t·log σ(y) − (1 − t)·log(1 − σ(y)), averaged over all elements. The form log(1 + eʸ) − y·t neither overflows nor cancels, and its gradient is
/// σ(y) − t.
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
        var target = Add(Multiply(Input(1), Const(1 - smoothing)), Const(smoothing / 2));
        return Subtract(Softplus(Input(0)), Multiply(Input(0), target));
    }

    protected override Node Activate(LayerCall call, Node output) => GraphBuilder.Pointwise("probabilities", Sigmoid(Input(0)), output);
}

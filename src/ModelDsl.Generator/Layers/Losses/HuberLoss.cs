using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>½(y − t)² up to a distance of δ, δ·(|y − t| − ½δ) beyond it, averaged over all elements.</summary>
internal sealed class HuberLoss : ElementwiseLoss
{
    public override string Kind => "Huber";

    protected override Expr? Body(LayerCall call, LayerScope scope)
    {
        var delta = call.Number("delta", 1);
        if (!scope.Require(delta > 0 && !double.IsInfinity(delta), "delta", "positive")) return null;
        var difference = Subtract(Input(0), Input(1));
        var distance = Abs(difference);
        return Select(
            Less(distance, Const(delta)),
            Multiply(Const(0.5), Multiply(difference, difference)),
            Multiply(Const(delta), Subtract(distance, Const(0.5 * delta))));
    }
}

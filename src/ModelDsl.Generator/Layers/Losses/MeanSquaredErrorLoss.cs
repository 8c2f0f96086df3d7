using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>(y − t)², averaged over all elements.</summary>
internal sealed class MeanSquaredErrorLoss : ElementwiseLoss
{
    public override string Kind => "MeanSquaredError";

    protected override Expr? Body(LayerCall call, LayerScope scope)
    {
        var difference = Subtract(Input(0), Input(1));
        return Multiply(difference, difference);
    }
}

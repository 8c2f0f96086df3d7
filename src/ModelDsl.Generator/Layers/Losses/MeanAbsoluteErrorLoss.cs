using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>|y − t|, averaged over all elements.</summary>
internal sealed class MeanAbsoluteErrorLoss : ElementwiseLoss
{
    public override string Kind => "MeanAbsoluteError";

    protected override Expr? Body(LayerCall call, LayerScope scope) => Abs(Subtract(Input(0), Input(1)));
}

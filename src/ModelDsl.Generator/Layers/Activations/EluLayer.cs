using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>x for positive x, α · (eˣ − 1) otherwise.</summary>
internal sealed class EluLayer : PointwiseLayer
{
    public override string Kind => "Elu";

    protected override Expr? Body(LayerCall call, LayerScope scope) =>
        Select(Less(Zero, Input(0)), Input(0), Multiply(Const(call.Number("alpha", 1)), Subtract(Exp(Input(0)), One)));
}

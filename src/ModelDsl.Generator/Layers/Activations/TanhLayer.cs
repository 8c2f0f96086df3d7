using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>tanh x.</summary>
internal sealed class TanhLayer : PointwiseLayer
{
    public override string Kind => "Tanh";

    protected override Expr? Body(LayerCall call, LayerScope scope) => Tanh(Input(0));
}

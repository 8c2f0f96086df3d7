using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>max(x, 0).</summary>
internal sealed class ReluLayer : PointwiseLayer
{
    public override string Kind => "Relu";

    protected override Expr? Body(LayerCall call, LayerScope scope) => Maximum(Input(0), Zero);
}

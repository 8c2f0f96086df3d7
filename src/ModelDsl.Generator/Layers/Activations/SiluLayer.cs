using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>x · σ(x) (swish).</summary>
internal sealed class SiluLayer : PointwiseLayer
{
    public override string Kind => "Silu";

    protected override Expr? Body(LayerCall call, LayerScope scope) => Multiply(Input(0), Sigmoid(Input(0)));
}
